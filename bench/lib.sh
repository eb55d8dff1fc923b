# sourced by the scripts beside it, in the root of the project
target=$PWD/target/bench
java_options=(-Xmx192m -cp "$target/classes:$target/lib/*")

say() { echo "bench: $*" >&2; }

find_java() {
  local home
  for home in "${JAVA_HOME25:-}" /usr/lib/jvm/*-25-*; do
    if [ -n "$home" ] && [ -x "$home/bin/java" ]; then echo "$home"; return; fi
  done
  if [ -n "${JAVA_HOME:-}" ]; then echo "$JAVA_HOME"; return; fi
  dirname "$(dirname "$(readlink -f "$(command -v java)")")"
}

build() { # profiles
  say "building"
  ${MVN:-mvn} -B -ntp -q -P"$1" -Dmaven.test.skip=true package >&2
}

# Sets PGHOST, PGPORT, PGUSER and, for a server of its own, BENCH_PGDATA. That one ends with this script, whose end closes its input.
open_database() { # name of the database
  local line
  if [ -z "${PGHOST:-}${PGPORT:-}" ]; then rm -rf "$target/postgres"; fi # an extraction that was interrupted is not taken up again
  coproc DATABASE { exec "$java/bin/java" "${java_options[@]}" bench.Postgres "$1" "$target/postgres" 2>"$target/postgres.log"; }
  database_pid=$DATABASE_PID
  while IFS= read -r line <&"${DATABASE[0]}"; do
    if [ "$line" = ready ]; then return; fi
    export "${line?}"
  done
  say "the database cannot be made, see $target/postgres.log"
  exit 1
}

close_database() {
  if [ -n "${database_pid:-}" ] && kill -0 "$database_pid" 2>/dev/null; then
    eval "exec ${DATABASE[1]}>&-"
    wait "$database_pid" 2>/dev/null || true
  fi
}
