#include "json.h"

#include <stdlib.h>

enum { DEPTH = 64 };

// Each function takes the place where a value or white space begins and returns the one behind it, or NULL.

static const char *skip_space(const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r')) at++;
    return at;
}

static const char *skip_string(const char *at, const char *end) {
    if (at == end || *at++ != '"') return NULL;
    while (at < end) {
        unsigned char byte = (unsigned char)*at++;
        if (byte == '"') return at;
        if (byte < 0x20) return NULL;
        if (byte != '\\') continue;
        if (at == end) return NULL;
        char escape = *at++;
        if (escape == 'u') {
            for (int i = 0; i < 4; i++, at++)
                if (at == end || !strchr("0123456789abcdefABCDEF", *at) || !*at) return NULL;
        } else if (!escape || !strchr("\"\\/bfnrt", escape)) {
            return NULL;
        }
    }
    return NULL;
}

static const char *skip_digits(const char *at, const char *end) {
    const char *start = at;
    while (at < end && *at >= '0' && *at <= '9') at++;
    return at == start ? NULL : at;
}

static const char *skip_number(const char *at, const char *end) {
    if (at < end && *at == '-') at++;
    if (at < end && *at == '0') at++;
    else if (!(at = skip_digits(at, end))) return NULL;
    if (at < end && *at == '.' && !(at = skip_digits(at + 1, end))) return NULL;
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < end && (*at == '+' || *at == '-')) at++;
        at = skip_digits(at, end);
    }
    return at;
}

static const char *skip_word(const char *at, const char *end, struct slice word) {
    if ((size_t)(end - at) < word.length || memcmp(at, word.bytes, word.length)) return NULL;
    return at + word.length;
}

static const char *skip_value(const char *at, const char *end, int depth);

static const char *skip_array(const char *at, const char *end, int depth) {
    at = skip_space(at + 1, end);
    if (at < end && *at == ']') return at + 1;
    while (true) {
        if (!(at = skip_value(at, end, depth + 1)) || at == end) return NULL;
        if (*at == ']') return at + 1;
        if (*at++ != ',') return NULL;
    }
}

// Finds a member on its way where a name is given; the first of several counts.
static const char *skip_object(const char *at, const char *end, int depth, const struct slice *name, struct slice *found) {
    at = skip_space(at + 1, end);
    if (at < end && *at == '}') return at + 1;
    while (true) {
        const char *key = skip_space(at, end);
        if (!(at = skip_string(key, end))) return NULL;
        bool matches = name && !found->bytes && slice_equal(*name, (struct slice){key + 1, (size_t)(at - key) - 2});
        at = skip_space(at, end);
        if (at == end || *at++ != ':') return NULL;
        const char *value = skip_space(at, end);
        if (!(at = skip_value(value, end, depth + 1)) || at == end) return NULL;
        if (matches) *found = (struct slice){value, (size_t)(at - value)};
        if (*at == '}') return at + 1;
        if (*at++ != ',') return NULL;
    }
}

// With the white space around the value.
static const char *skip_value(const char *at, const char *end, int depth) {
    at = skip_space(at, end);
    if (at == end || depth > DEPTH) return NULL;
    switch (*at) {
    case '{': at = skip_object(at, end, depth, NULL, NULL); break;
    case '[': at = skip_array(at, end, depth); break;
    case '"': at = skip_string(at, end); break;
    case 't': at = skip_word(at, end, SLICE("true")); break;
    case 'f': at = skip_word(at, end, SLICE("false")); break;
    case 'n': at = skip_word(at, end, SLICE("null")); break;
    default: at = skip_number(at, end);
    }
    return at ? skip_space(at, end) : NULL;
}

bool json_valid(struct slice text) {
    const char *end = text.bytes + text.length;
    return skip_value(text.bytes, end, 0) == end;
}

bool json_string_member(struct slice text, struct slice name, struct slice *value) {
    const char *end = text.bytes + text.length, *at = skip_space(text.bytes, end);
    struct slice found = {0};
    if (at == end || *at != '{' || !(at = skip_object(at, end, 0, &name, &found)) || skip_space(at, end) != end) return false;
    if (!found.bytes || *found.bytes != '"') return false;
    const char *quote = memchr(found.bytes + 1, '"', found.length - 1);
    *value = (struct slice){found.bytes + 1, (size_t)(quote - found.bytes) - 1};
    return !memchr(value->bytes, '\\', value->length);
}
