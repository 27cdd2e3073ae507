/* What the rig's two small PC/SC programs share: hexadecimal, time, connecting, and failing loudly. */
#ifndef WINSCARD_COMMON_H
#define WINSCARD_COMMON_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <winscard.h>
#include <reader.h>

#define MAX_COMMAND 65544u
#define MAX_RESPONSE 65548u

static SCARDCONTEXT context;

/* CLOCK_MONOTONIC, the clock of process.hrtime in Node. */
static inline int64_t nanoseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Ends the program with exit code 1 and the PC/SC code on stderr unless `code` is SCARD_S_SUCCESS. */
static inline void must(const char *function, LONG code)
{
	if (code == SCARD_S_SUCCESS)
		return;
	fprintf(stderr, "%s: 0x%08lX %s\n", function, (unsigned long)code, pcsc_stringify_error(code));
	exit(1);
}

static inline void usage_error(const char *what)
{
	fprintf(stderr, "%s\n", what);
	exit(2);
}

static inline int hex_digit(int character)
{
	if (character >= '0' && character <= '9')
		return character - '0';
	if (character >= 'a' && character <= 'f')
		return character - 'a' + 10;
	if (character >= 'A' && character <= 'F')
		return character - 'A' + 10;
	return -1;
}

/* Decodes hexadecimal into at most `capacity` bytes; returns how many. */
static inline size_t from_hex(const char *text, uint8_t *bytes, size_t capacity)
{
	size_t length = 0;

	for (; text[0] != '\0' && text[0] != '\n'; text += 2) {
		int high = hex_digit(text[0]), low = high < 0 ? -1 : hex_digit(text[1]);
		if (low < 0 || length == capacity)
			usage_error("bad hexadecimal, or too much of it");
		bytes[length++] = (uint8_t)(high << 4 | low);
	}
	return length;
}

static inline void print_hex(const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		printf("%02x", bytes[i]);
}

static inline void establish(void)
{
	must("SCardEstablishContext", SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context));
}

static inline SCARDHANDLE connect_card(const char *reader, DWORD share, DWORD *protocol)
{
	SCARDHANDLE card;
	must("SCardConnect",
	     SCardConnect(context, reader, share, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, protocol));
	return card;
}

static inline const SCARD_IO_REQUEST *protocol_header(DWORD protocol)
{
	return protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
}

#endif
