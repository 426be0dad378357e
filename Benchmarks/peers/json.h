// JSON in one pass over its bytes, with no allocation.
#ifndef JSON_H
#define JSON_H

#include "text.h"

// Whether the text is one JSON value. Bytes of 0x80 and above are taken as they are.
bool json_valid(struct slice text);

// The text of a member of the outermost object that is a string, between its quotes; the whole text is checked.
// False where the text is no JSON object, or has no such member, or its string has escapes.
bool json_string_member(struct slice text, struct slice name, struct slice *value);

#endif
