#!/bin/sh
# Prove that a fresh machine can run this project: in a minimal Debian (gcc,
# make and git, nothing else) clone HEAD, then "make bench QUICK=1" and
# "make test" with no package installed beforehand.
#
# usage: scripts/fresh.sh [--suite SUITE] [ROOT]    (as root, with debootstrap)
#
#   SUITE  Debian's name of a release, as bullseye (11, the oldest that has to
#          work), bookworm, trixie, sid; without it the host's own, or bookworm
#   ROOT   base folder to keep and to use again: it is made when it is not there;
#          the work is done in a throw-away copy. Without ROOT all is removed.
#
# The mounts are made in a mount namespace of this process, so that none can be
# left behind. The host's hosts file, resolver, proxy variables and apt's proxy
# and date-check settings are taken along.
#
# exit status: 0 PASS, 1 FAIL, 2 cannot be done here
set -eu

say() { printf 'fresh: %s\n' "$*"; }
give_up() { say "$*" >&2 && exit 2; }

arguments() { # sets suite and base
	suite='' base=''
	while [ $# -gt 0 ]; do
		case $1 in
		--suite=*) suite=${1#*=} ;;
		--suite) [ $# -gt 1 ] && suite=$2 && shift ;;
		-*) return 1 ;;
		*) [ -z "$base" ] && base=$1 ;;
		esac || return 1
		[ -n "$suite$base" ] || return 1
		shift
	done
}
arguments "$@" || give_up "usage: scripts/fresh.sh [--suite SUITE] [ROOT]"
case $suite in *[!a-z]*) give_up "--suite $suite: want Debian's name of a release, as bullseye, trixie or sid" ;; esac
[ "$(id -u)" = 0 ] || give_up "has to be run as root (chroot, mount)"
if [ "${FRESH_NAMESPACE-}" != "$$" ]; then
	exec env FRESH_NAMESPACE=$$ unshare --mount sh "$0" "$@"
fi

here=$(CDPATH='' cd "$(dirname "$0")/.." && pwd)
case $base in '' | /*) ;; *) base=$PWD/$base ;; esac
base=${base%/}
if [ ! -d "$base" ] && ! command -v debootstrap >/dev/null; then
	give_up "debootstrap is missing; to install: apt-get install -y debootstrap"
fi
[ -z "$suite" ] || [ ! -d "$base" ] || grep -qw "$suite" "$base/etc/apt/sources.list" ||
	give_up "$base is not $suite; name another folder"
[ ! -d "$base/debootstrap" ] || give_up "$base is not finished: debootstrap stopped in it, or is still at work"

child=''
stop() { # stop STATUS: with its first process all of a step's processes end
	trap '' HUP INT TERM
	[ -z "$child" ] || ! kill -KILL "$child" 2>/dev/null || sleep 1
	exit "$1"
}
clean_up() {
	cd /
	for d in dev sys proc; do
		! mountpoint -q "$root/$d" || umount -R "$root/$d" 2>/dev/null || umount -R -l "$root/$d"
	done
	rm -rf --one-file-system "$work" 2>/dev/null || { sleep 2 && rm -rf --one-file-system "$work"; }
}
work=$(mktemp -d "${base:-${TMPDIR:-/tmp}/fresh}.XXXXXX")
root=$work/root
trap clean_up EXIT
trap 'stop 129' HUP
trap 'stop 130' INT
trap 'stop 143' TERM

# step COMMAND...: with its output in the log, open to signals meanwhile, in a
# process namespace of its own (apt and dpkg do not stay in one process group)
proc=/proc
step() {
	unshare --pid --fork --kill-child --mount-proc="$proc" env --default-signal=INT,QUIT \
		sh -c '"$@"; exit $?' sh "$@" >"$work/log" 2>&1 </dev/null &
	child=$!
	status=0
	wait "$child" || status=$?
	child=''
	[ "$status" = 0 ] || { tail -n 200 "$work/log" | sed 's/^/  /' && return "$status"; }
}

# The base system, from where the host's apt gets its own if that is Debian
if [ -d "$base" ]; then
	say "copying $base"
	step cp -a --reflink=auto "$base" "$root"
else
	# shellcheck disable=SC2016 # apt-get's own variables
	source=$(apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(REPO_URI)' 'Identifier: Packages' 2>/dev/null |
		awk '$1 == "Debian" && $2 !~ /-/ { print $2, $3; exit }') || :
	source=${source:-bookworm http://deb.debian.org/debian}
	suite=${suite:-${source%% *}}
	say "debootstrap $suite (some minutes)"
	mkdir -p "$root"
	step debootstrap --variant=minbase --include=gcc,libc6-dev,make,git,ca-certificates \
		"$suite" "$root" "${source#* }" || give_up "debootstrap failed"
	[ -z "$base" ] || cp -a --reflink=auto "$root" "$base"
fi

# What of the host's network settings apt needs in there
for f in hosts resolv.conf; do
	rm -f "$root/etc/$f"
	[ ! -e "/etc/$f" ] || cp -L "/etc/$f" "$root/etc/$f"
done
apt-config dump 2>/dev/null | grep -Ei '^Acquire::(([a-z]+::)?Proxy(::[^ ]*)?|Check-[a-z-]+) ' \
	>"$root/etc/apt/apt.conf.d/99host" || :

for d in proc sys dev; do # with /dev/shm and /dev/pts
	mount --rbind "/$d" "$root/$d"
done
proc=$root/proc

# A clone; the settings let root read a repository that is another user's
printf '[safe]\n\tdirectory = *\n' >"$work/gitconfig"
GIT_CONFIG_GLOBAL=$work/gitconfig git clone -q --no-hardlinks "$here" "$root/home/project"
say "HEAD is $(git -C "$root/home/project" log -1 --format='%h %s')"

result=PASS
for target in 'bench QUICK=1' test; do
	say "make $target"
	start=$(date +%s)
	verdict=PASS
	# shellcheck disable=SC2086 # a target and its settings
	step chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
		${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
		${no_proxy:+no_proxy="$no_proxy"} make -C /home/project $target || verdict=FAIL result=FAIL
	say "$verdict make $target ($(($(date +%s) - start)) s)"
done
[ "$result" = PASS ]
