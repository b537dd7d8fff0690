# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Sourced by run, demo and the benchmark: finds a JDK 25, builds on first use, and knows the class path. Expects $home, the repository.

JAVA_RELEASE=25
JAVA_FLAGS=(-Xmx1g --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow "-Dsluice.home=$home"
  -Dlogback.configurationFile=quickstart-logback.xml
  -Dlog4j2.loggerContextFactory=org.apache.logging.log4j.simple.SimpleLoggerContextFactory)
CALLED_AS="${0##*/}"

fail() {
  echo "$CALLED_AS: $*" >&2
  exit 1
}

# The major release of a java binary, or nothing.
java_release_of() {
  "$1" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = //p' || true
}

# Sets JAVA and JAVA_HOME to a JDK of at least the release that the code is compiled for.
find_java() {
  local candidate release seen=""
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/* /opt/jdk* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$(command -v java 2>/dev/null | sed 's#/bin/java$##')"; do
    [ -n "$candidate" ] && [ -x "$candidate/bin/java" ] && [ -x "$candidate/bin/javac" ] || continue
    release="$(java_release_of "$candidate/bin/java")"
    if [[ "$release" =~ ^[0-9]+$ ]]; then
      if [ "$release" -ge "$JAVA_RELEASE" ]; then
        export JAVA_HOME="$candidate"
        JAVA="$candidate/bin/java"
        return
      fi
      seen="$seen, $release in $candidate"
    fi
  done
  fail "no JDK $JAVA_RELEASE or later was found${seen:+ (only ${seen#, })}: install one, for example Eclipse Temurin, or set JAVA_HOME to it."
}

# True when module $1 has a class path that is newer than every source it was built from.
is_built() {
  local built="$home/$1/target/class-path" changed
  [ -f "$built" ] || return 1
  changed="$(cd "$home" && find pom.xml schemas gateway approval-service audit-service deploy/quickstart deploy/policies "$1" \
    \( -name target -o -name node_modules -o -name .state -o -name results \) -prune -o \
    \( -path '*/src/*' -o -name pom.xml -o -name 'package*.json' -o -path 'deploy/policies/*' \) \
    -newer "$built" -print 2>/dev/null | sed 1q)"
  [ -z "$changed" ]
}

# Builds module $1 and what it needs, unless nothing has changed since it was last built.
build_module() {
  is_built "$1" && return
  command -v mvn >/dev/null || fail "Maven (mvn) is not on the PATH: install Apache Maven 3.8 or later."
  if ! { command -v node && command -v npm; } >/dev/null; then
    fail "Node.js (node and npm) is not on the PATH: install Node.js 20 or later; PostgreSQL's parser comes from npm."
  fi
  local log="$home/$1/target/build.log"
  mkdir -p "$home/$1/target"
  echo "Building, which takes some minutes the first time. Maven's whole output: $log"
  # Tests are compiled, not run: the embedded Kafka is among them.
  if ! (
    cd "$home"
    mvn -B -ntp -pl "$1" -am package -DskipTests -Dspotless.check.skip=true >"$log" 2>&1 &
    maven=$!
    trap 'kill "$maven" 2>/dev/null' INT TERM
    show_progress "$log" "$maven"
    wait "$maven"
  ); then
    grep -E '^\[ERROR\]' "$log" | sed 20q >&2 || true
    fail "the build failed; Maven's whole output is in $log."
  fi
  touch "$home/$1/target/class-path"
}

# Names each module as Maven comes to it, until Maven, process $2, has ended.
show_progress() {
  local shown=0 total
  while kill -0 "$2" 2>/dev/null; do
    sleep 1
    total="$(progress_in "$1" | wc -l)"
    if [ "$total" -gt "$shown" ]; then
      progress_in "$1" | sed -n "$((shown + 1)),${total}p"
      shown="$total"
    fi
  done
}

progress_in() {
  sed -n 's/^\[INFO\] Building \(Sluice[^0-9]*[^ 0-9]\) [^ ]* *\[\([0-9]*\)\/\([0-9]*\)\]$/  \2 of \3  \1/p' "$1" 2>/dev/null || true
}

class_path() {
  printf '%s' "$home/$1/target/classes:$(cat "$home/$1/target/class-path")"
}
