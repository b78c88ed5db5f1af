#!/bin/sh
# SPDX-License-Identifier: MIT
# embed.sh page.html >page.c
# The page as C data, with the Content-Security-Policy that lets its one <style> and its one <script> run and nothing
# else. Needs a POSIX shell, sed, grep, od, and of coreutils sha256sum and base64.
set -eu
page=$1

# What stands between the tags is hashed, with the newlines after the first and before the last.
content() {
  if [ "$(grep -c "<$1" "$page"),$(grep -cx "<$1>" "$page"),$(grep -cx "</$1>" "$page")" != 1,1,1 ]; then
    echo "$page: there must be one <$1>, and its tags must stand on lines of their own" >&2
    return 1
  fi
  echo && sed "1,/^<$1>\$/d; /^<\\/$1>\$/,\$d" "$page"
}

# Hexadecimal digits to bytes, through octal escapes: every printf knows these.
bytes() { fold -w 2 | while read -r hex; do printf %b "\\0$(printf %03o "0x$hex")"; done; }

hash_of() {
  text=$(content "$1" && echo .) || exit 1
  printf %s "${text%.}" | sha256sum | cut -c 1-64 | bytes | base64
}

style=$(hash_of style)
script=$(hash_of script)

cat <<END
/* Made of page.html by embed.sh. */
#include "write_mediasoup/page/page.h"

const char page_policy[] =
    "default-src 'none'; style-src 'sha256-$style'; "
    "script-src 'sha256-$script'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const unsigned char page_html[] = {
$(od -An -v -tu1 "$page" | sed 's/  */,/g; s/^,//; s/$/,/')
};
const size_t page_html_length = sizeof(page_html);
END
