/**
 * Removes indices whose name ends in a day before the last ones that are kept. Reads: URL, DAYS, PREFIXES (separated by
 * spaces), and the options for curl in a file, so that no password is ever an argument.
 */
export const cleanerScript = `set -eu
options="-fsS --max-time 60 --retry 3 --config $CURL_OPTIONS"
oldest=$(date -u -d "@$(( $(date +%s) - DAYS * 86400 ))" +%Y%m%d)
for prefix in $PREFIXES; do
  # shellcheck disable=SC2086
  curl $options "$URL/_cat/indices/$prefix-*?h=index&expand_wildcards=all" > /tmp/indices
  while read -r index; do
    day=$(printf '%s' "$index" | sed -n 's/.*-\\([0-9]\\{4\\}\\)-\\([0-9]\\{2\\}\\)-\\([0-9]\\{2\\}\\)$/\\1\\2\\3/p')
    if [ -n "$day" ] && [ "$day" -lt "$oldest" ]; then
      # shellcheck disable=SC2086
      curl $options -o /dev/null -X DELETE "$URL/$index"
      echo "removed $index"
    fi
  done < /tmp/indices
done
`;
