//! Reader attributes by their number.

use pcsc::Attribute::{self, *};

/// The attributes of PC/SC part 3.
const NAMED: &[Attribute] = &[
    VendorName,
    VendorIfdType,
    VendorIfdVersion,
    VendorIfdSerialNo,
    ChannelId,
    AsyncProtocolTypes,
    DefaultClk,
    MaxClk,
    DefaultDataRate,
    MaxDataRate,
    MaxIfsd,
    SyncProtocolTypes,
    PowerMgmtSupport,
    UserToCardAuthDevice,
    UserAuthInputDevice,
    Characteristics,
    CurrentProtocolType,
    CurrentClk,
    CurrentF,
    CurrentD,
    CurrentN,
    CurrentW,
    CurrentIfsc,
    CurrentIfsd,
    CurrentBwt,
    CurrentCwt,
    CurrentEbcEncoding,
    ExtendedBwt,
    IccPresence,
    IccInterfaceStatus,
    CurrentIoState,
    AtrString,
    IccTypePerAtr,
    EscReset,
    EscCancel,
    EscAuthrequest,
    Maxinput,
    DeviceUnit,
    DeviceInUse,
    DeviceFriendlyName,
    DeviceSystemName,
    SupressT1IfsRequest,
];

/// The attribute with this number, if PC/SC names one.
pub fn named(number: u32) -> Option<Attribute> {
    NAMED.iter().copied().find(|attribute| *attribute as u32 == number)
}
