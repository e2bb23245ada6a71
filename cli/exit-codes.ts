/** What a command's exit code says, for scripts and for CI. */
export const exitCodes = {
  ok: 0,
  /** A fault of Sitewright itself; its stack is in the log file. */
  unexpected: 1,
  /** The command line does not fit. */
  usage: 2,
  /** The site, release or catalogue has problems, or breaks a rule of the policy pack. */
  site: 3,
  /** A preflight found something that stands in the way. */
  preflight: 4,
  /** This machine lacks a tool or a privilege. */
  machine: 5,
  /** A step on a host failed, or a host could not be reached. */
  remote: 6,
  /** Pulumi could not finish, or what it brought does not run as it should. */
  deployment: 7,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The table that `--help` and the documentation show. */
export const exitCodeTable: readonly (readonly [ExitCode, string])[] = [
  [exitCodes.ok, "done"],
  [exitCodes.unexpected, "unexpected fault; the log file has the details"],
  [exitCodes.usage, "wrong usage"],
  [exitCodes.site, "the site or release file has problems, or a rule of the policies is broken"],
  [exitCodes.preflight, "preflight found something that blocks a delivery"],
  [exitCodes.machine, "this machine lacks a tool or a privilege"],
  [exitCodes.remote, "a step on a host failed, or a host could not be reached"],
  [exitCodes.deployment, "the deployment failed, or what it brought is not ready"],
];
