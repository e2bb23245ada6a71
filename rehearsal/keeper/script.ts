/** What the keeper's script needs to know. Absolute paths without line breaks. */
export interface KeeperScriptPaths {
  /** Folder for the files by which the keeper answers. */
  readonly run: string;
  /** Mount point of the working memory. */
  readonly area: string;
  readonly token: string;
}

/** Quotes a text for a POSIX shell. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * The script that becomes process 1 of a rehearsal. It closes its mounts off from the machine,
 * makes the working memory, answers with `ready` (its pid as the machine sees it) or `failed` (a
 * sentence), and then only waits: bash reaps what dies, and when the expiry has passed or the state
 * folder is gone, its end ends everything inside.
 */
export function keeperScript(paths: KeeperScriptPaths): string {
  return `# Process 1 of a Sitewright rehearsal.
set -u
umask 077
run=${shellQuote(paths.run)}
area=${shellQuote(paths.area)}
fail() { printf '%s\\n' "$1" > "$run/failed"; exit 1; }
# The machine's /proc is still mounted here, so this is our pid as the machine sees it.
read -r self _ < /proc/self/stat
mount --make-rprivate / 2>&1 || fail "mounts cannot be made private: the container forbids mount"
mount -t proc proc /proc 2>&1 ||
  fail "a fresh /proc cannot be mounted: the container masks parts of /proc"
mount -t tmpfs -o mode=700 sitewright "$area" 2>&1 || fail "a tmpfs cannot be mounted"
ip link set lo up 2>&1 || fail "ip cannot set up the loopback"
cd "$area" || fail "the working memory cannot be entered"
mkdir base mask hosts netns trial || fail "the working memory is full"
(cd trial && mkdir lower upper work root &&
  mount -t overlay -o lowerdir=lower:/,upperdir=upper,workdir=work overlay root) 2>&1 ||
  fail "an overlay cannot be mounted over this machine's root filesystem"
umount trial/root
printf '%s\\n' ${shellQuote(paths.token)} > token
printf '%s\\n' "$self" > "$run/ready.part" && mv "$run/ready.part" "$run/ready"
cd /
gone=0
unknown=0
while :; do
  sleep 2 &
  wait $!
  # Whoever started us may have been killed before it wrote us down; then nobody would ever end us.
  if [[ -r "$run/keeper.json" && $(<"$run/keeper.json") == *${paths.token}* ]]; then
    unknown=0
  else
    unknown=$((unknown + 1))
    [ "$unknown" -lt 5 ] || exit 0
  fi
  if read -r expires 2>/dev/null < "$run/expires"; then
    gone=0
    [ "$expires" = never ] || [ "$EPOCHSECONDS" -lt "$expires" ] || exit 0
  else
    gone=$((gone + 1))
    [ "$gone" -lt 3 ] || exit 0
  fi
done
`;
}
