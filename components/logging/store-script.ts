import { logWriter } from "../../site/platform/log-output";
import type { LogStoreBlueprint } from "../../site/platform/logging-types";

/** What sets the site's own store up and keeps it within its room: scripts, and what they send. */

export const storeScripts = "/etc/sitewright/store";

/** Name of the policy and of the template. */
const policy = "sitewright-logs";

/** Asks the store, with the password on no command line. */
const ask = `set -eu
ask() { # METHOD PATH [FILE]
  curl --silent --show-error --fail-with-body --max-time 60 --request "$1" \\
    --config <(printf 'user = "elastic:%s"\\n' "$ADMINISTRATOR_PASSWORD") \\
    \${AUTHORITY:+--cacert "$AUTHORITY"} \\
    \${3:+--header 'Content-Type: application/json' --data-binary "@$3"} "$STORE$2"
}
`;

/** Files of the ConfigMap that both scripts read. */
export function storeFiles(store: LogStoreBlueprint): Readonly<Record<string, string>> {
  const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
  return {
    "setup.sh": `${ask}${setup}`,
    "clean.sh": `${ask}${clean}`,
    "role.json": json({
      cluster: ["monitor"],
      indices: [
        {
          names: ["logs-*", "metrics-*"],
          privileges: ["create_doc", "auto_configure", "view_index_metadata"],
        },
      ],
    }),
    "policy.json": json({
      policy: {
        phases: {
          hot: {
            actions: { rollover: { max_age: "1d", max_primary_shard_size: rolloverSize(store) } },
          },
          delete: { min_age: `${store.keepDays}d`, actions: { delete: {} } },
        },
      },
    }),
    "template.json": json({
      index_patterns: [store.dataStream],
      data_stream: {},
      // Before the store's own, which serve every name of this form.
      priority: 500,
      template: {
        settings: {
          "index.lifecycle.name": policy,
          "index.number_of_shards": 1,
          "index.number_of_replicas": store.copies - 1,
        },
        mappings: {
          properties: {
            "@timestamp": { type: "date" },
            message: { type: "match_only_text" },
            // Applications choose these names: each would be a field of the index otherwise.
            app: { type: "flattened" },
            fields: { type: "flattened" },
          },
          dynamic_templates: [
            { texts: { match_mapping_type: "string", mapping: { type: "keyword" } } },
          ],
        },
      },
    }),
  };
}

/** Small enough that the oldest can go one by one, and no smaller than an index is worth. */
function rolloverSize({ keepMiB }: LogStoreBlueprint): string {
  return `${Math.max(512, Math.min(30 * 1024, Math.floor(keepMiB / 10)))}mb`;
}

const setup = `until ask GET '/_cluster/health?wait_for_status=yellow&timeout=30s'; do sleep 5; done
ask PUT /_security/role/${logWriter} ${storeScripts}/role.json
printf '{"password":"%s","roles":["${logWriter}"]}' "$WRITER_PASSWORD" > /tmp/body
ask PUT /_security/user/${logWriter} /tmp/body
printf '{"password":"%s"}' "$PAGES_PASSWORD" > /tmp/body
ask POST /_security/user/kibana_system/_password /tmp/body
ask PUT /_ilm/policy/${policy} ${storeScripts}/policy.json
ask PUT /_index_template/${policy} ${storeScripts}/template.json
# It may be there already, with entries.
ask GET "/_data_stream/$STREAM" > /dev/null 2>&1 || ask PUT "/_data_stream/$STREAM"
`;

/** The newest index is the one that is written to, and stays. */
const clean = `ask GET "/_cat/indices/.ds-$STREAM-*?h=index,pri.store.size&bytes=mb&s=creation.date&expand_wildcards=all" > /tmp/indices
sum=0
while read -r _ size; do sum=$((sum + size)); done < /tmp/indices
left=$(wc -l < /tmp/indices)
while read -r index size; do
  if [ "$sum" -le "$KEEP_MIB" ] || [ "$left" -le 1 ]; then break; fi
  echo "deleting $index: $sum MiB are kept, and $KEEP_MIB may be"
  ask DELETE "/$index"
  sum=$((sum - size))
  left=$((left - 1))
done < /tmp/indices
`;
