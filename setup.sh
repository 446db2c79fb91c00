#!/bin/sh
# setup.sh NEED:PACKAGE…  installs the Debian packages of the needs that are missing. A need is a
# command or the path of a file, so what was installed in another way counts too.
set -eu

missing=
for need; do
  # Unquoted, so that a path may hold wildcards.
  ls ${need%:*} >/dev/null 2>&1 || command -v "${need%:*}" >/dev/null || missing="$missing ${need#*:}"
done
[ "$missing" ] || exit 0

fail() {
  echo "Missing:$missing. $1" >&2
  exit 1
}

command -v apt-get >/dev/null || fail 'There is no apt-get here: please install these programs by hand.'
sudo=
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || fail "As root, run: apt-get install$missing"
  sudo=sudo
fi

echo "Installing$missing …"
mkdir -p build
{
  $sudo apt-get -q update || true # an older list of packages may still do
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends $missing
} >build/setup.log 2>&1 </dev/null || {
  tail -n 20 build/setup.log >&2
  fail "Installing failed (build/setup.log). By hand: apt-get install$missing"
}
