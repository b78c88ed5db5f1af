#!/bin/sh
# SPDX-License-Identifier: MIT
# embed.sh page.html >page.c
#
# Joins the files of the page and writes the result as C data, together with its Content-Security-Policy.
# These lines of page.html are placeholders; FILE is relative to page.html:
#   <link rel="stylesheet" href="FILE">   neighbours become one <style>
#   <script src="FILE"></script>          neighbours become one <script>; the files share one scope, in this order.
#                                         Lines of a script that begin with // are comments, and left out
# The policy allows that <style> and that <script>, by their hashes, and nothing else.
#
# Needs a POSIX shell, sed, grep and the coreutils: sha256sum and base64, dirname, tail, cut, fold and od.
set -eu

fail() {
  echo "embed.sh: $*" >&2
  exit 1
}

if [ $# != 1 ]; then fail "wants one argument, the path of page.html"; fi
page=$1

# Prints a file that is to stand between <$2> and </$2>.
part() {
  file=$(dirname "$page")/$1
  [ -f "$file" ] || fail "$page names '$1', but there is no file $file"
  [ -z "$(tail -c 1 "$file")" ] || fail "$file must end with a newline"
  # In a script, `<!--` could hide the end tag from the browser.
  if grep -inE "</$2|<!--" "$file" >&2; then
    fail "$file must not contain '</$2' or '<!--': the browser would not end the <$2> where the file ends"
  fi
  if [ "$2" = script ]; then sed '/^ *\/\//d' "$file"; else cat "$file"; fi
}

# Prints the page, with files in the place of the lines that name them.
join() {
  open= # the tag that is open: style, script or none
  while IFS= read -r line; do
    tag='' name=''
    case $line in
    '<link rel="stylesheet" href="'*'">') tag=style name=${line#*href=\"} ;;
    '<script src="'*'"></script>') tag=script name=${line#*src=\"} ;;
    esac
    if [ "$tag" != "$open" ]; then
      [ -z "$open" ] || echo "</$open>"
      [ -z "$tag" ] || echo "<$tag>"
      open=$tag
    fi
    if [ -n "$tag" ]; then part "${name%%\"*}" "$tag"; else printf '%s\n' "$line"; fi
  done
}

# Prints how many lines of the joined page match, with grep's options and pattern.
count() { printf '%s\n' "$joined" | grep -c "$@" || :; }

# What the policy's hash is made from: everything between the tags, with the first and the last newline.
content() { echo && printf '%s\n' "$joined" | sed "1,/^<$1>\$/d; /^<\\/$1>\$/,\$d"; }

# Turns hexadecimal digits into bytes. It takes the way through octal escapes because every printf knows these.
bytes() { fold -w 2 | while read -r hex; do printf %b "\\0$(printf %03o "0x$hex")"; done; }

hash_of() {
  [ "$(count "<$1"),$(count -x "<$1>"),$(count -x "</$1>")" = 1,1,1 ] ||
    fail "$page: the placeholders for <$1> must stand on lines of their own, with no other lines between them"
  hash=$(content "$1" | sha256sum | cut -c 1-64 | bytes | base64)
  [ ${#hash} = 44 ] || fail "cannot make a hash of the <$1>: are sha256sum and base64 installed?"
  echo "$hash"
}

[ -f "$page" ] || fail "there is no file $page"
joined=$(join <"$page")
style=$(hash_of style)
script=$(hash_of script)
[ "$(count '<link')" = 0 ] || fail "$page: a <link> is not a placeholder as above; the policy would forbid it"

cat <<END
/* Made of page.html and the files that it names by embed.sh. */
#include "write_mediasoup/page/page.h"

const char page_policy[] =
    "default-src 'none'; style-src 'sha256-$style'; "
    "script-src 'sha256-$script'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const unsigned char page_html[] = {
$(printf '%s\n' "$joined" | od -An -v -tu1 | sed 's/  */,/g; s/^,//; s/$/,/')
};
const size_t page_html_length = sizeof(page_html);
END
