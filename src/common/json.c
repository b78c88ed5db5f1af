/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Decodes one code point of more than one byte. Returns its length in bytes, or 0 where it is not UTF-8: overlong
 * forms, surrogates and code points beyond Unicode are not. */
static size_t decode(const unsigned char *bytes, size_t length, uint32_t *code) {
  static const uint32_t first[] = {[2] = 0x80, [3] = 0x800, [4] = 0x10000}; /* the lowest code point of each length */
  size_t count = bytes[0] >= 0xF0 ? 4 : bytes[0] >= 0xE0 ? 3 : bytes[0] >= 0xC2 ? 2 : 0;
  if (count == 0 || count > length || bytes[0] > 0xF4)
    return 0;
  *code = bytes[0] & (0x7FU >> count);
  for (size_t i = 1; i < count; i++) {
    if ((bytes[i] & 0xC0) != 0x80)
      return 0;
    *code = (*code << 6) | (bytes[i] & 0x3FU);
  }
  return *code >= first[count] && *code <= 0x10FFFF && (*code < 0xD800 || *code > 0xDFFF) ? count : 0;
}

/* Looks at eight bytes at a time, since most texts are ASCII. */
static bool is_ascii(const char *text, size_t length) {
  uint64_t all = 0, word;
  for (; length >= sizeof(word); text += sizeof(word), length -= sizeof(word)) {
    memcpy(&word, text, sizeof(word));
    all |= word;
  }
  for (size_t i = 0; i < length; i++)
    all |= (unsigned char)text[i];
  return (all & 0x8080808080808080U) == 0;
}

bool json_is_utf8(const char *text, size_t length) {
  uint32_t code;
  if (is_ascii(text, length))
    return true;
  for (size_t at = 0, taken; at < length; at += taken) {
    taken = (unsigned char)text[at] < 0x80 ? 1 : decode((const unsigned char *)text + at, length - at, &code);
    if (taken == 0)
      return false;
  }
  return true;
}

static void append_unit(buffer_t *buffer, uint32_t unit) {
  char text[sizeof("\\uFFFF")];
  (void)snprintf(text, sizeof(text), "\\u%04x", (unsigned)(unit & 0xFFFFU));
  buffer_append(buffer, text, sizeof(text) - 1);
}

/* Beyond the basic plane a code point is two units, a surrogate pair. */
static void append_code(buffer_t *buffer, uint32_t code) {
  if (code < 0x10000) {
    append_unit(buffer, code);
    return;
  }
  append_unit(buffer, 0xD800 + ((code - 0x10000) >> 10));
  append_unit(buffer, 0xDC00 + ((code - 0x10000) & 0x3FF));
}

/* Appends the character at `text`, which has to be escaped. Returns its length in bytes, at least 1. */
static size_t append_escaped(buffer_t *buffer, const unsigned char *text, size_t length) {
  uint32_t code = text[0];
  if (code == '"' || code == '\\') {
    buffer_append_character(buffer, '\\');
    buffer_append_character(buffer, (char)code);
    return 1;
  }
  size_t taken = code >= 0x80 ? decode(text, length, &code) : 1;
  if (taken == 0)
    buffer_fail(buffer, STATUS_SYNTAX);
  else
    append_code(buffer, code);
  return taken > 0 ? taken : 1;
}

static bool needs_no_escape(unsigned char byte) { return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\'; }

void json_append_string(buffer_t *buffer, const char *text, size_t length) {
  buffer_append_character(buffer, '"');
  for (size_t at = 0; at < length;) {
    size_t run = at;
    while (run < length && needs_no_escape((unsigned char)text[run]))
      run++;
    buffer_append(buffer, text + at, run - at);
    at = run;
    if (at < length)
      at += append_escaped(buffer, (const unsigned char *)text + at, length - at);
  }
  buffer_append_character(buffer, '"');
}
