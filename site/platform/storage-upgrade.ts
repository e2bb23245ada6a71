/** Which steps from one Rook version to another its project supports. Used before the window and again at the site. */

interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** A move that would not be supported. */
export interface UpgradeFault {
  /** What the version that runs now would have to be. */
  readonly needed: string;
  readonly next: string;
}

/** From here on CSI drivers are apart from the operator, and only this patch of the minor before prepares for that. */
const driversApart = { minor: 20, readyFrom: 5 };

/** Why Rook cannot go from one version to the other; undefined when it can. A version that is unreadable is a fault. */
export function rookUpgradeFault(from: string, to: string): UpgradeFault | undefined {
  const [now, then] = [versionOf(from), versionOf(to)];
  if (now === undefined || then === undefined) {
    return {
      needed: `a released version such as ${to}`,
      next: "install a released version of Rook first, by hand",
    };
  }
  const back = compare(now, then) > 0;
  if (back) {
    return {
      needed: `${to} or older: Rook goes no way back`,
      next: `use a release of Sitewright with Rook ${from} or later`,
    };
  }
  if (now.major !== then.major || then.minor - now.minor > 1) {
    const between = `v${then.major}.${then.minor - 1}`;
    return {
      needed: `${between} or v${then.major}.${then.minor}: Rook goes one minor at a time`,
      next: `deploy the releases of Sitewright in between, up to one with Rook ${between}, first`,
    };
  }
  const unprepared =
    then.minor === driversApart.minor &&
    now.minor === driversApart.minor - 1 &&
    now.patch < driversApart.readyFrom;
  if (!unprepared) return undefined;
  const least = `v${now.major}.${now.minor}.${driversApart.readyFrom}`;
  return {
    needed: `${least} or later, which prepares for the CSI drivers' own chart`,
    next: `deploy a release of Sitewright with Rook ${least} or a later patch of it first`,
  };
}

function versionOf(text: string): Version | undefined {
  const parts = /^v?(\d{1,4})\.(\d{1,4})\.(\d{1,4})$/.exec(text);
  if (parts === null) return undefined;
  const [, major, minor, patch] = parts.map(Number);
  return { major: major ?? 0, minor: minor ?? 0, patch: patch ?? 0 };
}

function compare(one: Version, other: Version): number {
  return one.major - other.major || one.minor - other.minor || one.patch - other.patch;
}
