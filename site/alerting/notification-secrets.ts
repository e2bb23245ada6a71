import type { Path } from "../path";
import type { AlertSettings } from "../schema/alerts";

/** Keys of receivers and heartbeat that name a secret. */
const secretKeys = ["passwordSecret", "apiSecret", "urlSecret", "bearerSecret"] as const;

/** Secrets that a site's alerts refer to, each with the place that names it. */
export function notificationSecrets(
  alerts: AlertSettings | undefined,
): readonly { readonly path: Path; readonly secret: string }[] {
  if (alerts === undefined) return [];
  const places: readonly (readonly [Path, object])[] = [
    ...Object.entries(alerts.receivers).map(
      ([name, receiver]) => [["alerts", "receivers", name], receiver] as const,
    ),
    [["alerts", "heartbeat"], alerts.heartbeat ?? {}],
  ];
  return places.flatMap(([path, settings]) =>
    secretKeys.flatMap((key) => {
      const secret: unknown = Reflect.get(settings, key);
      return typeof secret === "string" ? [{ path: [...path, key], secret }] : [];
    }),
  );
}
