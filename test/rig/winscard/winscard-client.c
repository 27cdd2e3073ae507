/*
 * A small foreign PC/SC client that the tests drive: one command a line on standard input, one line of JSON
 * back for each. Ends when standard input ends.
 *
 *   connect READER shared|exclusive    {"protocol":N,"atr":"HEX"}
 *   transmit HEX                       {"response":"HEX"}
 *   reset                              {"atr":"HEX"}     warm reset (SCardReconnect), keeps the connection
 *   control CODE HEX                   {"output":"HEX"}  CODE in decimal; HEX may be "-" for no input
 *   attribute ID                       {"value":"HEX"}   ID in decimal
 *   disconnect                         {}
 *   watch READER                       {}  and from then on, by itself, {"state":N,"at":N,"atr":"HEX"} for the state
 *                                      now and each change: dwEventState without SCARD_STATE_CHANGED, and
 *                                      CLOCK_MONOTONIC in nanoseconds
 *   readers                            {"readers":["NAME",...]}
 *
 * What PC/SC refuses is answered as {"error":"0xCODE","function":"NAME"}. READER is the rest of the line, or
 * the part before the last word in `connect`.
 */
#include "winscard-common.h"

#include <pthread.h>

static pthread_mutex_t output_lock = PTHREAD_MUTEX_INITIALIZER;
static SCARDHANDLE card;
static DWORD protocol;
static uint8_t command[MAX_COMMAND], response[MAX_RESPONSE];
static char line[2 * MAX_COMMAND + 64];

static void answer_hex(const char *name, const uint8_t *bytes, size_t length)
{
	pthread_mutex_lock(&output_lock);
	printf("{\"%s\":\"", name);
	print_hex(bytes, length);
	puts("\"}");
	fflush(stdout);
	pthread_mutex_unlock(&output_lock);
}

static void answer_done(void)
{
	pthread_mutex_lock(&output_lock);
	puts("{}");
	fflush(stdout);
	pthread_mutex_unlock(&output_lock);
}

/* Whether the call was refused; says so to the test. */
static int refused(const char *function, LONG code)
{
	if (code == SCARD_S_SUCCESS)
		return 0;
	pthread_mutex_lock(&output_lock);
	printf("{\"error\":\"0x%08lX\",\"function\":\"%s\"}\n", (unsigned long)code & 0xFFFFFFFF, function);
	fflush(stdout);
	pthread_mutex_unlock(&output_lock);
	return 1;
}

static LONG read_atr(uint8_t atr[MAX_ATR_SIZE], DWORD *length)
{
	DWORD state;
	*length = MAX_ATR_SIZE;
	return SCardStatus(card, NULL, NULL, &state, &protocol, atr, length);
}

static void open_card(char *arguments)
{
	char *mode = strrchr(arguments, ' ');
	uint8_t atr[MAX_ATR_SIZE];
	DWORD length, share;

	if (mode == NULL)
		usage_error("connect READER shared|exclusive");
	*mode++ = '\0';
	share = strcmp(mode, "exclusive") == 0 ? SCARD_SHARE_EXCLUSIVE : SCARD_SHARE_SHARED;
	if (refused("SCardConnect", SCardConnect(context, arguments, share, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
						 &card, &protocol)) ||
	    refused("SCardStatus", read_atr(atr, &length)))
		return;
	pthread_mutex_lock(&output_lock);
	printf("{\"protocol\":%lu,\"atr\":\"", (unsigned long)protocol);
	print_hex(atr, length);
	puts("\"}");
	fflush(stdout);
	pthread_mutex_unlock(&output_lock);
}

static void transmit(const char *arguments)
{
	size_t command_length = from_hex(arguments, command, sizeof command);
	DWORD length = sizeof response;

	if (!refused("SCardTransmit", SCardTransmit(card, protocol_header(protocol), command, command_length, NULL,
						    response, &length)))
		answer_hex("response", response, length);
}

static void reset(void)
{
	uint8_t atr[MAX_ATR_SIZE];
	DWORD length;

	if (!refused("SCardReconnect", SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
						      SCARD_RESET_CARD, &protocol)) &&
	    !refused("SCardStatus", read_atr(atr, &length)))
		answer_hex("atr", atr, length);
}

static void control(char *arguments)
{
	char *rest;
	unsigned long code = strtoul(arguments, &rest, 10);
	size_t length;
	DWORD returned = 0;

	if (*rest++ != ' ')
		usage_error("control CODE HEX");
	length = strcmp(rest, "-") == 0 ? 0 : from_hex(rest, command, sizeof command);
	if (!refused("SCardControl",
		     SCardControl(card, code, command, length, response, sizeof response, &returned)))
		answer_hex("output", response, returned);
}

static void attribute(const char *arguments)
{
	uint8_t value[MAX_BUFFER_SIZE];
	DWORD length = sizeof value;

	if (!refused("SCardGetAttrib", SCardGetAttrib(card, strtoul(arguments, NULL, 10), value, &length)))
		answer_hex("value", value, length);
}

static void list_readers(void)
{
	static char names[4096];
	DWORD length = sizeof names;
	LONG code = SCardListReaders(context, NULL, names, &length);

	if (code != SCARD_E_NO_READERS_AVAILABLE && refused("SCardListReaders", code))
		return;
	pthread_mutex_lock(&output_lock);
	printf("{\"readers\":[");
	for (const char *name = names; code == SCARD_S_SUCCESS && *name != '\0'; name += strlen(name) + 1)
		printf(name == names ? "\"%s\"" : ",\"%s\"", name);
	puts("]}");
	fflush(stdout);
	pthread_mutex_unlock(&output_lock);
}

/* Waits in a context of its own, for ever; the end of the program ends it. */
static void *watch(void *reader)
{
	SCARDCONTEXT own;
	SCARD_READERSTATE state = { .szReader = reader };
	LONG code = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &own);

	while (code == SCARD_S_SUCCESS) {
		code = SCardGetStatusChange(own, INFINITE, &state, 1);
		if (code != SCARD_S_SUCCESS)
			break;
		pthread_mutex_lock(&output_lock);
		printf("{\"state\":%lu,\"at\":%lld,\"atr\":\"",
		       (unsigned long)(state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED), (long long)nanoseconds());
		print_hex(state.rgbAtr, state.cbAtr);
		puts("\"}");
		fflush(stdout);
		pthread_mutex_unlock(&output_lock);
		state.dwCurrentState = state.dwEventState;
	}
	refused("SCardGetStatusChange", code);
	free(reader);
	return NULL;
}

static void start_watching(const char *reader)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, watch, strdup(reader)) != 0)
		usage_error("no thread to be had");
	pthread_detach(thread);
	answer_done();
}

int main(void)
{
	setvbuf(stdout, NULL, _IOFBF, 65536);
	establish();
	while (fgets(line, sizeof line, stdin) != NULL) {
		char *arguments;

		line[strcspn(line, "\n")] = '\0';
		arguments = line + strcspn(line, " ");
		if (*arguments != '\0')
			*arguments++ = '\0';
		if (strcmp(line, "connect") == 0)
			open_card(arguments);
		else if (strcmp(line, "transmit") == 0)
			transmit(arguments);
		else if (strcmp(line, "reset") == 0)
			reset();
		else if (strcmp(line, "control") == 0)
			control(arguments);
		else if (strcmp(line, "attribute") == 0)
			attribute(arguments);
		else if (strcmp(line, "readers") == 0)
			list_readers();
		else if (strcmp(line, "watch") == 0)
			start_watching(arguments);
		else if (strcmp(line, "disconnect") == 0) {
			if (!refused("SCardDisconnect", SCardDisconnect(card, SCARD_LEAVE_CARD)))
				answer_done();
		} else
			usage_error("unknown command");
	}
	return 0;
}
