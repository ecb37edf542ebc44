#!/usr/bin/env bash
# Runs every check that needs no running platform, and says which failed:
#   ansible/scripts/validate.sh [SITE]
# SITE is a name below sites/ or a path, `lab` if not given; its secrets must decrypt. What is checked, and why, is said
# by the specs: nothing is decided here.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 3
site=${1:-lab}

if command -v deno > /dev/null; then
  run=(deno)
elif command -v npx > /dev/null; then
  run=(npx -y deno@2)
else
  echo "Cannot run the specs: neither deno nor npx is on the PATH; install Node.js" >&2
  exit 3
fi

passed=0
failed=()
check() {
  local name=$1
  shift
  printf '\n=== %s: deno %s\n' "$name" "$*"
  if "${run[@]}" "$@"; then passed=$((passed + 1)); else failed+=("$name"); fi
}

check "tools and secrets" task check --site "$site" --phase preflight
check "charts" task check --site "$site" --phase charts
check "ansible" run -A fixtures/suite/ansible_checks.ts
check "secret leaks" run -A fixtures/suite/secret_leaks.ts

if ((${#failed[@]})); then printf '\nFailed: %s\n' "$(IFS=,; echo "${failed[*]}")"; fi
printf '\n%d passed, %d failed\n' "$passed" "${#failed[@]}"
exit $((${#failed[@]} > 0))
