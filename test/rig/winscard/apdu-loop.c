/*
 * The peer of the benchmark, and "another program" for the tests: a bare winscard client.
 *
 *   apdu-loop loop READER COUNT APDU        sends the APDU (hexadecimal) COUNT times, after COUNT / 10 to warm up;
 *                                           prints {"count":N,"responseLength":N,"nanoseconds":[one per APDU]}
 *   apdu-loop transaction READER MS         holds a transaction
 *   apdu-loop exclusive READER MS           holds an exclusive connection
 *
 * The two holds print the line "held" when they have what they want, and let go after MS milliseconds or when
 * standard input ends, whichever is first; then they print "released".
 */
#include "winscard-common.h"

#include <poll.h>

static void loop(const char *reader, long count, const char *apdu)
{
	static uint8_t command[MAX_COMMAND], response[MAX_RESPONSE];
	size_t command_length = from_hex(apdu, command, sizeof command);
	DWORD protocol, response_length = 0;
	SCARDHANDLE card = connect_card(reader, SCARD_SHARE_SHARED, &protocol);
	const SCARD_IO_REQUEST *header = protocol_header(protocol);
	int64_t *spent;

	if (count < 1 || count > 1000000 || (spent = calloc((size_t)count, sizeof *spent)) == NULL)
		usage_error("COUNT is 1 to 1,000,000");
	for (long i = -(count / 10); i < count; i++) {
		int64_t start = nanoseconds();
		response_length = sizeof response;
		must("SCardTransmit",
		     SCardTransmit(card, header, command, command_length, NULL, response, &response_length));
		if (i >= 0)
			spent[i] = nanoseconds() - start;
	}
	printf("{\"count\":%ld,\"responseLength\":%lu,\"nanoseconds\":[", count, (unsigned long)response_length);
	for (long i = 0; i < count; i++)
		printf(i == 0 ? "%lld" : ",%lld", (long long)spent[i]);
	printf("]}\n");
	free(spent);
	SCardDisconnect(card, SCARD_LEAVE_CARD);
}

static void hold(const char *reader, DWORD share, int milliseconds)
{
	struct pollfd input = { .fd = 0, .events = 0 }; /* only its end counts: POLLHUP needs no asking */
	DWORD protocol;
	SCARDHANDLE card = connect_card(reader, share, &protocol);

	if (share == SCARD_SHARE_SHARED)
		must("SCardBeginTransaction", SCardBeginTransaction(card));
	puts("held");
	fflush(stdout);
	poll(&input, 1, milliseconds);
	if (share == SCARD_SHARE_SHARED)
		must("SCardEndTransaction", SCardEndTransaction(card, SCARD_LEAVE_CARD));
	must("SCardDisconnect", SCardDisconnect(card, SCARD_LEAVE_CARD));
	puts("released");
}

int main(int count, char **arguments)
{
	const char *mode = count > 3 ? arguments[1] : "";

	setvbuf(stdout, NULL, _IOFBF, 65536);
	if (strcmp(mode, "loop") == 0 && count == 5) {
		establish();
		loop(arguments[2], atol(arguments[3]), arguments[4]);
	} else if (strcmp(mode, "transaction") == 0 && count == 4) {
		establish();
		hold(arguments[2], SCARD_SHARE_SHARED, atoi(arguments[3]));
	} else if (strcmp(mode, "exclusive") == 0 && count == 4) {
		establish();
		hold(arguments[2], SCARD_SHARE_EXCLUSIVE, atoi(arguments[3]));
	} else {
		usage_error("usage: apdu-loop loop READER COUNT APDU | transaction READER MS | exclusive READER MS");
	}
	SCardReleaseContext(context);
	return 0;
}
