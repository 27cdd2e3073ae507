/*
 * Reader driver of the test rig: an IFD handler (IFD handler API 3.0, pcsc-lite's ifdhandler.h) without
 * hardware. pcscd loads it like any reader driver; it forwards every call over a Unix socket to the test
 * program, which plays reader and card (test/rig/virtual-reader.ts). There is no network socket of any kind.
 *
 * The socket's path is the DEVICENAME of reader.conf. Two connections are made to it:
 *
 *   calls    one request at a time, each answered once
 *   events   after its HELLO, and after each insertion and removal, the peer writes one byte (any value);
 *            pcscd's event thread sleeps on it, so that changes are seen at once instead of at the next 400 ms
 *            poll. When pcscd has acted on them and sleeps again, as many bytes go back.
 *
 * Framing, the same in both directions; integers are big-endian:
 *
 *   u32 length of what follows (1 to FRAME_LIMIT) | u8 | body
 *
 * The byte after the length is the operation in requests, the status in answers.
 *
 *   request                                                             answer's body when the status is 0
 *   01 HELLO     u8 role: 'C' calls, 'E' events | u8 version (1) |
 *                u8 1 when this channel was connected before | u32 Lun  (no answer)
 *   02 POWER     u8 action: 1 up, 2 down, 3 warm reset                  ATR, 2 to 33 bytes (none for down)
 *   03 TRANSMIT  u8 protocol (0, 1) | command APDU, 1 to 65,544 bytes   response APDU, 2 to 65,538 bytes
 *   04 PRESENCE  u8 1 when pcscd's event thread asks, else 0            none; 0 present, 1 absent
 *   05 CONTROL   u32 control code | input                               output
 *   06 ATTRIBUTE u32 SCARD_ATTR_*                                       value
 *
 *   status: 0 done, 1 no card, 2 communication error, 3 not supported, 4 timed out, 5 card mute
 *
 * When the peer goes away the card is reported as absent and calls as communication errors; the connection is
 * made again at the next call, and nothing is ever sent twice. A frame that breaks these rules ends the
 * connection. The driver never ends pcscd.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <ifdhandler.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <reader.h>

#define MAX_READERS 16
#define MAX_COMMAND 65544u
#define FRAME_LIMIT 65600u
#define RECONNECT_PAUSE_MS 25
#define PROTOCOL_VERSION 1

enum operation { HELLO = 1, POWER = 2, TRANSMIT = 3, PRESENCE = 4, CONTROL = 5, ATTRIBUTE = 6 };
enum status { DONE = 0, NO_CARD = 1, COMMUNICATION = 2, NOT_SUPPORTED = 3, TIMED_OUT = 4, MUTE = 5, LINK_DOWN = 255 };

struct reader {
	pthread_mutex_t lock; /* guards the calls connection and the answer buffer */
	bool used;
	DWORD lun;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	int calls;
	bool calls_connected_before;
	int events; /* touched by pcscd's event thread only */
	bool events_connected_before;
	uint8_t acted_on[64]; /* event bytes to be sent back */
	size_t acted_on_count;
	int interrupt; /* eventfd: pcscd wants its event thread back */
	pthread_t event_thread;
	atomic_bool event_thread_known;
	uint8_t atr[MAX_ATR_SIZE];
	size_t atr_length;
	uint8_t answer[4 + FRAME_LIMIT];
};

struct bytes {
	const uint8_t *data;
	size_t length;
};

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static struct reader readers[MAX_READERS];

/* Lun is 0xXXXXYYYY: XXXX the reader, YYYY its slot (always 0 here). */
static struct reader *find(DWORD lun)
{
	size_t index = (lun >> 16) & 0xFFFF;
	if (index >= MAX_READERS || (lun & 0xFFFF) != 0 || !readers[index].used)
		return NULL;
	return &readers[index];
}

static void put_u32(uint8_t *at, uint32_t value)
{
	uint32_t network = htonl(value);
	memcpy(at, &network, sizeof network);
}

static uint32_t get_u32(const uint8_t *at)
{
	uint32_t network;
	memcpy(&network, at, sizeof network);
	return ntohl(network);
}

static void drop(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Sends one frame whole; false when the peer is gone. */
static bool send_frame(int fd, uint8_t operation, struct bytes head, struct bytes body)
{
	uint8_t prefix[5];
	struct iovec parts[3] = {
		{ prefix, sizeof prefix },
		{ (void *)(uintptr_t)head.data, head.length },
		{ (void *)(uintptr_t)body.data, body.length },
	};
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 3 };
	size_t left = sizeof prefix + head.length + body.length;

	if (left > 4 + (size_t)FRAME_LIMIT)
		return false;
	put_u32(prefix, (uint32_t)(left - 4));
	prefix[4] = operation;
	while (left > 0) {
		ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		left -= (size_t)sent;
		/* Step over what has gone out. */
		for (size_t i = 0; i < 3; i++) {
			size_t step = (size_t)sent < parts[i].iov_len ? (size_t)sent : parts[i].iov_len;
			parts[i].iov_base = (uint8_t *)parts[i].iov_base + step;
			parts[i].iov_len -= step;
			sent -= (ssize_t)step;
		}
	}
	return true;
}

/* Receives one frame into the answer buffer: its length (status and body), or 0 when the link is broken. */
static size_t receive_frame(struct reader *reader)
{
	size_t have = 0, want = 4;

	for (;;) {
		ssize_t got = recv(reader->calls, reader->answer + have, sizeof reader->answer - have, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return 0;
		have += (size_t)got;
		if (want == 4 && have >= 4) {
			uint32_t length = get_u32(reader->answer);
			if (length < 1 || length > FRAME_LIMIT)
				return 0;
			want = 4 + length;
		}
		/* One request, one answer: more than that is not our protocol. */
		if (have > want)
			return 0;
		if (want > 4 && have == want)
			return want - 4;
	}
}

static int open_connection(const struct reader *reader, char role, bool *connected_before)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	uint8_t hello[7] = { (uint8_t)role, PROTOCOL_VERSION, *connected_before ? 1 : 0 };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	memcpy(address.sun_path, reader->path, sizeof address.sun_path);
	put_u32(hello + 3, (uint32_t)reader->lun);
	if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
	    !send_frame(fd, HELLO, (struct bytes){ hello, sizeof hello }, (struct bytes){ NULL, 0 })) {
		close(fd);
		return -1;
	}
	*connected_before = true;
	return fd;
}

/*
 * One call: `head` and `body` are sent together. On DONE, `*result` is the answer's body inside the reader's
 * buffer, valid until the lock is released. The caller holds the lock.
 */
static enum status call(struct reader *reader, enum operation operation, struct bytes head, struct bytes body,
			struct bytes *result)
{
	size_t length;

	*result = (struct bytes){ NULL, 0 };
	if (reader->calls < 0)
		reader->calls = open_connection(reader, 'C', &reader->calls_connected_before);
	if (reader->calls < 0)
		return LINK_DOWN;
	length = send_frame(reader->calls, (uint8_t)operation, head, body) ? receive_frame(reader) : 0;
	if (length == 0 || reader->answer[4] > MUTE) {
		drop(&reader->calls);
		return LINK_DOWN;
	}
	*result = (struct bytes){ reader->answer + 5, length - 1 };
	return (enum status)reader->answer[4];
}

static RESPONSECODE response_code(enum status status)
{
	switch (status) {
	case DONE:
		return IFD_SUCCESS;
	case NO_CARD:
		return IFD_ICC_NOT_PRESENT;
	case NOT_SUPPORTED:
		return IFD_NOT_SUPPORTED;
	case TIMED_OUT:
		return IFD_RESPONSE_TIMEOUT;
	case MUTE:
		return IFD_ERROR_POWER_ACTION;
	default:
		return IFD_COMMUNICATION_ERROR;
	}
}

/* Copies an answer out, or says that the caller's buffer is too small. */
static RESPONSECODE deliver(struct bytes result, PUCHAR buffer, DWORD capacity, PDWORD length)
{
	if (result.length > capacity) {
		*length = 0;
		return IFD_ERROR_INSUFFICIENT_BUFFER;
	}
	if (result.length > 0)
		memcpy(buffer, result.data, result.length);
	*length = result.length;
	return IFD_SUCCESS;
}

/*
 * Runs on pcscd's event thread: returns when the card may have come or gone, after `timeout` milliseconds, or
 * when pcscd wants the thread back. The return value IFD_SUCCESS keeps pcscd from sleeping another 400 ms.
 */
static RESPONSECODE wait_for_event(DWORD lun, int timeout)
{
	struct reader *reader = find(lun);
	struct pollfd watched[2];

	if (reader == NULL)
		return IFD_COMMUNICATION_ERROR;
	reader->event_thread = pthread_self();
	atomic_store(&reader->event_thread_known, true);
	if (reader->events < 0) {
		reader->acted_on_count = 0;
		reader->events = open_connection(reader, 'E', &reader->events_connected_before);
	}
	if (reader->acted_on_count > 0) {
		if (send(reader->events, reader->acted_on, reader->acted_on_count, MSG_NOSIGNAL) < 0)
			drop(&reader->events);
		reader->acted_on_count = 0;
	}
	if (reader->events < 0)
		timeout = RECONNECT_PAUSE_MS;
	watched[0] = (struct pollfd){ .fd = reader->interrupt, .events = POLLIN };
	watched[1] = (struct pollfd){ .fd = reader->events, .events = POLLIN };
	if (poll(watched, 2, timeout) <= 0)
		return IFD_SUCCESS;
	if (watched[0].revents != 0) {
		/* pcscd interrupts not only to end the thread but after each disconnect: once is once. */
		uint64_t count;
		if (read(reader->interrupt, &count, sizeof count) < 0 && errno != EAGAIN && errno != EINTR)
			return IFD_COMMUNICATION_ERROR;
	}
	if (watched[1].revents != 0) {
		ssize_t got = recv(reader->events, reader->acted_on, sizeof reader->acted_on, MSG_DONTWAIT);
		if (got > 0)
			reader->acted_on_count = (size_t)got;
		else if (got == 0 || (errno != EINTR && errno != EAGAIN))
			drop(&reader->events);
	}
	return IFD_SUCCESS;
}

/* TAG_IFD_STOP_POLLING_THREAD: ends the wait that is under way, or the next one. */
static RESPONSECODE interrupt_wait(DWORD lun)
{
	struct reader *reader = find(lun);
	uint64_t one = 1;

	if (reader == NULL || write(reader->interrupt, &one, sizeof one) != sizeof one)
		return IFD_COMMUNICATION_ERROR;
	return IFD_SUCCESS;
}

RESPONSECODE IFDHCreateChannelByName(DWORD Lun, LPSTR DeviceName)
{
	size_t index = (Lun >> 16) & 0xFFFF, length = strlen(DeviceName);
	struct reader *reader;
	RESPONSECODE result = IFD_COMMUNICATION_ERROR;

	if (index >= MAX_READERS || (Lun & 0xFFFF) != 0 || length == 0 || length >= sizeof readers[0].path)
		return IFD_COMMUNICATION_ERROR;
	reader = &readers[index];
	pthread_mutex_lock(&table_lock);
	if (!reader->used) {
		memset(reader, 0, sizeof *reader);
		reader->calls = reader->events = -1;
		reader->lun = Lun;
		memcpy(reader->path, DeviceName, length + 1);
		reader->interrupt = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (reader->interrupt >= 0 && pthread_mutex_init(&reader->lock, NULL) == 0) {
			reader->used = true;
			result = IFD_SUCCESS;
		}
	}
	pthread_mutex_unlock(&table_lock);
	/* The peer may come later: until then the reader is empty. */
	return result;
}

RESPONSECODE IFDHCreateChannel(DWORD Lun, DWORD Channel)
{
	(void)Lun;
	(void)Channel;
	return IFD_COMMUNICATION_ERROR; /* only by name: the name is the socket */
}

RESPONSECODE IFDHCloseChannel(DWORD Lun)
{
	struct reader *reader = find(Lun);

	if (reader == NULL)
		return IFD_COMMUNICATION_ERROR;
	pthread_mutex_lock(&table_lock);
	drop(&reader->calls);
	drop(&reader->events);
	drop(&reader->interrupt);
	pthread_mutex_destroy(&reader->lock);
	reader->used = false;
	pthread_mutex_unlock(&table_lock);
	return IFD_SUCCESS;
}

/* Answers about the driver itself; false for a tag that is the peer's to answer. */
static bool driver_capability(DWORD tag, uint8_t value[sizeof(void *)], size_t *length)
{
	RESPONSECODE (*wait)(DWORD, int) = wait_for_event;
	RESPONSECODE (*stop)(DWORD) = interrupt_wait;

	*length = 1;
	switch (tag) {
	case TAG_IFD_SIMULTANEOUS_ACCESS:
		value[0] = MAX_READERS;
		return true;
	case TAG_IFD_THREAD_SAFE:
	case TAG_IFD_SLOTS_NUMBER:
		value[0] = 1;
		return true;
	case TAG_IFD_SLOT_THREAD_SAFE:
	case TAG_IFD_POLLING_THREAD_KILLABLE:
		value[0] = 0;
		return true;
	case TAG_IFD_POLLING_THREAD_WITH_TIMEOUT:
		*length = sizeof wait;
		memcpy(value, &wait, sizeof wait);
		return true;
	case TAG_IFD_STOP_POLLING_THREAD:
		*length = sizeof stop;
		memcpy(value, &stop, sizeof stop);
		return true;
	default:
		return false;
	}
}

RESPONSECODE IFDHGetCapabilities(DWORD Lun, DWORD Tag, PDWORD Length, PUCHAR Value)
{
	struct reader *reader = find(Lun);
	uint8_t value[sizeof(void *)], tag[4];
	struct bytes result = { value, 0 };
	enum status status;
	RESPONSECODE code;

	if (Length == NULL || Value == NULL)
		return IFD_COMMUNICATION_ERROR;
	if (driver_capability(Tag, value, &result.length))
		return deliver(result, Value, *Length, Length);
	if (reader == NULL)
		return IFD_COMMUNICATION_ERROR;
	pthread_mutex_lock(&reader->lock);
	if (Tag == TAG_IFD_ATR || Tag == SCARD_ATTR_ATR_STRING) {
		result = (struct bytes){ reader->atr, reader->atr_length };
		status = DONE;
	} else {
		put_u32(tag, (uint32_t)Tag);
		status = call(reader, ATTRIBUTE, (struct bytes){ tag, sizeof tag }, (struct bytes){ NULL, 0 }, &result);
	}
	if (status == DONE)
		code = deliver(result, Value, *Length, Length);
	else
		code = status == NOT_SUPPORTED ? IFD_ERROR_TAG : IFD_COMMUNICATION_ERROR;
	pthread_mutex_unlock(&reader->lock);
	return code;
}

RESPONSECODE IFDHSetCapabilities(DWORD Lun, DWORD Tag, DWORD Length, PUCHAR Value)
{
	(void)Lun;
	(void)Tag;
	(void)Length;
	(void)Value;
	return IFD_ERROR_TAG;
}

RESPONSECODE IFDHSetProtocolParameters(DWORD Lun, DWORD Protocol, UCHAR Flags, UCHAR PTS1, UCHAR PTS2, UCHAR PTS3)
{
	(void)Flags;
	(void)PTS1;
	(void)PTS2;
	(void)PTS3;
	if (find(Lun) == NULL)
		return IFD_COMMUNICATION_ERROR;
	/* Nothing to negotiate on a socket; both protocols carry the same APDUs. */
	return Protocol == SCARD_PROTOCOL_T0 || Protocol == SCARD_PROTOCOL_T1 ? IFD_SUCCESS : IFD_PROTOCOL_NOT_SUPPORTED;
}

RESPONSECODE IFDHPowerICC(DWORD Lun, DWORD Action, PUCHAR Atr, PDWORD AtrLength)
{
	struct reader *reader = find(Lun);
	struct bytes result;
	enum status status;
	RESPONSECODE code;
	uint8_t action;

	if (AtrLength == NULL || Atr == NULL)
		return IFD_COMMUNICATION_ERROR;
	*AtrLength = 0;
	if (reader == NULL)
		return IFD_COMMUNICATION_ERROR;
	switch (Action) {
	case IFD_POWER_UP:
		action = 1;
		break;
	case IFD_POWER_DOWN:
		action = 2;
		break;
	case IFD_RESET:
		action = 3;
		break;
	default:
		return IFD_NOT_SUPPORTED;
	}
	pthread_mutex_lock(&reader->lock);
	reader->atr_length = 0;
	status = call(reader, POWER, (struct bytes){ &action, 1 }, (struct bytes){ NULL, 0 }, &result);
	code = response_code(status);
	if (status == DONE && action != 2 && (result.length < 2 || result.length > MAX_ATR_SIZE)) {
		code = IFD_ERROR_POWER_ACTION;
	} else if (status == DONE && action != 2) {
		memcpy(reader->atr, result.data, result.length);
		reader->atr_length = result.length;
		code = deliver(result, Atr, MAX_ATR_SIZE, AtrLength);
	}
	pthread_mutex_unlock(&reader->lock);
	return code;
}

RESPONSECODE IFDHTransmitToICC(DWORD Lun, SCARD_IO_HEADER SendPci, PUCHAR TxBuffer, DWORD TxLength, PUCHAR RxBuffer,
			       PDWORD RxLength, PSCARD_IO_HEADER RecvPci)
{
	struct reader *reader = find(Lun);
	struct bytes result;
	enum status status;
	RESPONSECODE code;
	uint8_t protocol = SendPci.Protocol == 1 ? 1 : 0;
	DWORD capacity;

	if (RxLength == NULL || RxBuffer == NULL || TxBuffer == NULL)
		return IFD_COMMUNICATION_ERROR;
	capacity = *RxLength;
	*RxLength = 0;
	if (reader == NULL || TxLength < 1 || TxLength > MAX_COMMAND)
		return IFD_COMMUNICATION_ERROR;
	pthread_mutex_lock(&reader->lock);
	status = call(reader, TRANSMIT, (struct bytes){ &protocol, 1 }, (struct bytes){ TxBuffer, TxLength }, &result);
	code = response_code(status);
	if (status == DONE)
		code = deliver(result, RxBuffer, capacity, RxLength);
	if (RecvPci != NULL)
		*RecvPci = SendPci;
	/* A response may hold personal data: it does not stay in the buffer. */
	if (result.length > 0)
		memset(reader->answer, 0, 5 + result.length);
	pthread_mutex_unlock(&reader->lock);
	return code;
}

RESPONSECODE IFDHControl(DWORD Lun, DWORD dwControlCode, PUCHAR TxBuffer, DWORD TxLength, PUCHAR RxBuffer, DWORD RxLength,
			 LPDWORD pdwBytesReturned)
{
	struct reader *reader = find(Lun);
	uint8_t control_code[4];
	struct bytes result;
	enum status status;
	RESPONSECODE code;

	if (pdwBytesReturned == NULL)
		return IFD_COMMUNICATION_ERROR;
	*pdwBytesReturned = 0;
	if (reader == NULL || TxLength > MAX_COMMAND || (TxLength > 0 && TxBuffer == NULL))
		return IFD_COMMUNICATION_ERROR;
	put_u32(control_code, (uint32_t)dwControlCode);
	pthread_mutex_lock(&reader->lock);
	status = call(reader, CONTROL, (struct bytes){ control_code, sizeof control_code },
		      (struct bytes){ TxBuffer, TxLength }, &result);
	code = status == DONE ? deliver(result, RxBuffer, RxBuffer == NULL ? 0 : RxLength, pdwBytesReturned)
			      : response_code(status);
	pthread_mutex_unlock(&reader->lock);
	return code;
}

RESPONSECODE IFDHICCPresence(DWORD Lun)
{
	struct reader *reader = find(Lun);
	struct bytes result;
	enum status status;
	uint8_t by_event_thread;

	if (reader == NULL)
		return IFD_ICC_NOT_PRESENT;
	by_event_thread =
		atomic_load(&reader->event_thread_known) && pthread_equal(pthread_self(), reader->event_thread) ? 1 : 0;
	pthread_mutex_lock(&reader->lock);
	status = call(reader, PRESENCE, (struct bytes){ &by_event_thread, 1 }, (struct bytes){ NULL, 0 }, &result);
	pthread_mutex_unlock(&reader->lock);
	return status == DONE ? IFD_ICC_PRESENT : IFD_ICC_NOT_PRESENT;
}
