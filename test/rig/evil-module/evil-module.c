/*
 * A PKCS#11 module that misbehaves on purpose. Its file name tells how: FAULT-FUNCTION.so (hang-C_Login.so), or
 * FAULT.so for the faults without a function. One slot with one token, label EVIL, one RSA key whose signatures are
 * garbage; the certificate is read from certificate.der beside the module. What it was asked goes into FILE.log:
 * names of functions and lengths, never a PIN.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

typedef unsigned long ulong_t;
typedef unsigned char byte_t;

struct version { byte_t major, minor; };
struct info { struct version cryptoki; byte_t manufacturer[32]; ulong_t flags; byte_t description[32]; struct version library; };
struct slot_info { byte_t description[64], manufacturer[32]; ulong_t flags; struct version hardware, firmware; };
struct token_info {
    byte_t label[32], manufacturer[32], model[16], serial[16];
    ulong_t flags, sessions[4], max_pin, min_pin, memory[4];
    struct version hardware, firmware;
    byte_t time[16];
};
struct mechanism_info { ulong_t min, max, flags; };
struct attribute { ulong_t type; void *value; ulong_t length; };

enum { OK = 0, GENERAL_ERROR = 5, NO_EVENT = 8, TYPE_INVALID = 0x12, BUFFER_TOO_SMALL = 0x150 };
enum { CLASS_CERTIFICATE = 1, CLASS_PUBLIC = 2, CLASS_PRIVATE = 3 };
#define MINUS_ONE ((ulong_t)-1)

static char fault[64], function[64], folder[4096], log_path[4096];
static byte_t certificate[16384];
static ulong_t certificate_length, wanted_class, given;
static int *volatile nowhere;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void note(const char *text, ulong_t number) {
    int file = open(log_path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (file >= 0) {
        dprintf(file, "%s %lu\n", text, number);
        close(file);
    }
}

static int is(const char *name) { return strcmp(fault, name) == 0; }

static ulong_t enter(const char *name) {
    if (is("lock") && strcmp(name, "C_WaitForSlotEvent") != 0) {
        pthread_mutex_lock(&lock);
        pthread_mutex_unlock(&lock);
    }
    if (is("print")) {
        printf("%s says hello\n", name);
        fflush(stdout);
        if (write(1, "garbage", 7) < 0) return GENERAL_ERROR;
    }
    if (strcmp(name, function) != 0) return OK;
    if (is("hang")) for (;;) pause();
    if (is("segv")) *(volatile int *)nowhere = 1;
    if (is("abort")) abort();
    if (is("exit")) exit(0);
    return is("error") ? GENERAL_ERROR : OK;
}
#define ENTER(name) do { ulong_t code = enter(name); if (code != OK) return code; } while (0)

static void pad(byte_t *field, size_t size, const char *text) {
    memset(field, ' ', size);
    memcpy(field, text, strlen(text));
}

__attribute__((constructor)) static void load(void) {
    Dl_info where;
    if (!dladdr((void *)load, &where)) return;
    snprintf(log_path, sizeof log_path, "%s.log", where.dli_fname);
    snprintf(folder, sizeof folder, "%s", where.dli_fname);
    char *name = strrchr(folder, '/');
    if (!name) return;
    *name++ = 0;
    sscanf(name, "%63[a-z_]-%63[A-Za-z_]", fault, function);
    char path[4200];
    snprintf(path, sizeof path, "%s/certificate.der", folder);
    FILE *file = fopen(path, "rb");
    if (file) {
        certificate_length = fread(certificate, 1, sizeof certificate, file);
        fclose(file);
    }
    struct rlimit core;
    getrlimit(RLIMIT_CORE, &core);
    note("dumpable", (ulong_t)prctl(PR_GET_DUMPABLE));
    note("core", (ulong_t)core.rlim_cur);
    for (char **variable = environ; *variable; variable++) {
        char line[64];
        snprintf(line, sizeof line, "env %.*s", (int)strcspn(*variable, "="), *variable);
        note(line, 0);
    }
    enter("load");
}

static ulong_t unsupported(void) { return 0x54; }

static ulong_t initialize(void *arguments) { (void)arguments; ENTER("C_Initialize"); return OK; }
static ulong_t finalize(void *reserved) { (void)reserved; ENTER("C_Finalize"); return OK; }

static ulong_t get_info(struct info *info) {
    ENTER("C_GetInfo");
    info->cryptoki = (struct version){ 2, 40 };
    pad(info->manufacturer, 32, "Evil");
    pad(info->description, 32, is("text") ? "\xff\x1b[31m\x07" : "misbehaves");
    return OK;
}

static ulong_t get_slot_list(byte_t present, ulong_t *slots, ulong_t *count) {
    (void)present;
    ENTER("C_GetSlotList");
    if (is("negative_slots")) *count = MINUS_ONE;
    else if (is("many_slots")) *count = 100000000;
    else if (slots && is("more_slots")) *count = 5;
    else {
        if (slots) slots[0] = 7;
        if (slots && is("overflow_slots")) slots[1] = 8;
        *count = 1;
    }
    return OK;
}

static ulong_t get_slot_info(ulong_t slot, struct slot_info *info) {
    (void)slot;
    ENTER("C_GetSlotInfo");
    pad(info->description, 64, "Evil Reader");
    info->flags = 1;
    return OK;
}

static ulong_t get_token_info(ulong_t slot, struct token_info *info) {
    (void)slot;
    ENTER("C_GetTokenInfo");
    memset(info, 0, sizeof *info);
    pad(info->label, 32, "EVIL");
    pad(info->serial, 16, "0001");
    pad(info->model, 16, "model");
    pad(info->manufacturer, 32, "Evil");
    info->flags = 0x040C;
    info->min_pin = is("pin_lengths") ? 99 : 4;
    info->max_pin = is("pin_lengths") ? 3 : 8;
    return OK;
}

static ulong_t get_mechanism_list(ulong_t slot, ulong_t *list, ulong_t *count) {
    (void)slot;
    ENTER("C_GetMechanismList");
    if (is("many_mechanisms")) { *count = MINUS_ONE / 8; return OK; }
    if (list) list[0] = 1;
    *count = 1;
    return OK;
}

static ulong_t get_mechanism_info(ulong_t slot, ulong_t kind, struct mechanism_info *info) {
    (void)slot; (void)kind;
    ENTER("C_GetMechanismInfo");
    *info = (struct mechanism_info){ 1024, 4096, 0x800 };
    return OK;
}

static ulong_t open_session(ulong_t slot, ulong_t flags, void *a, void *b, ulong_t *session) {
    (void)slot; (void)flags; (void)a; (void)b;
    ENTER("C_OpenSession");
    *session = 1;
    return OK;
}

static ulong_t close_session(ulong_t session) { (void)session; ENTER("C_CloseSession"); return OK; }

static ulong_t login(ulong_t session, ulong_t user, byte_t *pin, ulong_t length) {
    (void)session; (void)pin;
    note(user == 0 ? "C_Login officer" : user == 1 ? "C_Login" : "C_Login context", length);
    ENTER("C_Login");
    return OK;
}

static ulong_t logout(ulong_t session) { (void)session; note("C_Logout", 0); ENTER("C_Logout"); return OK; }

static ulong_t init_pin(ulong_t session, byte_t *pin, ulong_t length) {
    (void)session; (void)pin;
    note("C_InitPIN", length);
    ENTER("C_InitPIN");
    return OK;
}

static ulong_t set_pin(ulong_t session, byte_t *old, ulong_t old_length, byte_t *new, ulong_t length) {
    (void)session; (void)old; (void)old_length; (void)new;
    note("C_SetPIN", length);
    ENTER("C_SetPIN");
    return OK;
}

static ulong_t find_objects_init(ulong_t session, struct attribute *template, ulong_t count) {
    (void)session;
    ENTER("C_FindObjectsInit");
    wanted_class = count == 1 ? *(ulong_t *)template->value : 0;
    given = 0;
    return OK;
}

static ulong_t find_objects(ulong_t session, ulong_t *objects, ulong_t max, ulong_t *count) {
    (void)session;
    ENTER("C_FindObjects");
    *count = 0;
    if (is("more_objects")) { *count = max + 1; return OK; }
    if (is("endless_objects") || !given) {
        objects[0] = wanted_class;
        *count = 1;
        given = 1;
    }
    return OK;
}

static ulong_t find_objects_final(ulong_t session) { (void)session; ENTER("C_FindObjectsFinal"); return OK; }

static ulong_t answer(struct attribute *attribute, const void *value, ulong_t length) {
    if (is("attribute_minus_one")) { attribute->length = MINUS_ONE; return OK; }
    if (is("attribute_huge")) { attribute->length = MINUS_ONE / 2; return OK; }
    if (attribute->value) {
        if (is("attribute_grows")) { attribute->length = length + 1000; return OK; }
        memcpy(attribute->value, value, length);
        if (is("attribute_overflow")) ((byte_t *)attribute->value)[length + 8] = 0;
    }
    attribute->length = length;
    return OK;
}

static ulong_t get_attribute_value(ulong_t session, ulong_t object, struct attribute *attribute, ulong_t count) {
    (void)session; (void)count;
    ENTER("C_GetAttributeValue");
    static const ulong_t rsa = 0;
    static const byte_t yes = 1;
    switch (attribute->type) {
    case 0x003: return answer(attribute, "Evil", 4);
    case 0x011: return object == CLASS_CERTIFICATE ? answer(attribute, certificate, certificate_length) : TYPE_INVALID;
    case 0x100: return answer(attribute, &rsa, sizeof rsa);
    case 0x102: return answer(attribute, "\x01", 1);
    case 0x108: return answer(attribute, &yes, 1);
    case 0x202: return answer(attribute, &yes, is("context") ? 1 : 0);
    default: attribute->length = MINUS_ONE; return TYPE_INVALID;
    }
}

static ulong_t sign_init(ulong_t session, void *mechanism, ulong_t key) {
    (void)session; (void)mechanism; (void)key;
    ENTER("C_SignInit");
    return OK;
}

static ulong_t sign(ulong_t session, byte_t *data, ulong_t length, byte_t *signature, ulong_t *signature_length) {
    (void)session; (void)data; (void)length;
    note("C_Sign", length);
    ENTER("C_Sign");
    if (is("signature_longer")) { *signature_length += 1; return OK; }
    if (is("signature_overflow")) { memset(signature, 0, *signature_length + 64); return OK; }
    memset(signature, 0x42, 256);
    *signature_length = 256;
    return OK;
}

static ulong_t wait_for_slot_event(ulong_t flags, ulong_t *slot, void *reserved) {
    (void)reserved;
    ENTER("C_WaitForSlotEvent");
    if (is("lock") && !(flags & 1)) {
        pthread_mutex_lock(&lock);
        for (;;) pause();
    }
    *slot = 7;
    if (is("flood")) return OK;
    if (flags & 1) return NO_EVENT;
    for (;;) pause();
}

static struct { struct version version; void *functions[68]; } list = {
    { 2, 40 },
    {
        [0] = initialize, finalize, get_info, unsupported, get_slot_list, get_slot_info, get_token_info,
        get_mechanism_list, get_mechanism_info, unsupported, init_pin, set_pin, open_session, close_session,
        [18] = login, logout,
        [24] = get_attribute_value, unsupported, find_objects_init, find_objects, find_objects_final,
        [42] = sign_init, sign,
        [67] = wait_for_slot_event,
    },
};

ulong_t C_GetFunctionList(void **out) {
    ENTER("C_GetFunctionList");
    if (is("null_list")) { *out = NULL; return OK; }
    if (is("old_version")) list.version.major = 1;
    if (is("new_version")) list.version.major = 9;
    if (is("empty_list")) memset(list.functions, 0, sizeof list.functions);
    *out = &list;
    return OK;
}
