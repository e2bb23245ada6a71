import * as proxy from "@pulumi/policy/proxy";

/** What Pulumi's policy server puts around properties before it calls a policy; its types do not name it. */
export const { unknownCheckingProxy } = proxy as unknown as {
  readonly unknownCheckingProxy: <Properties extends object>(properties: Properties) => Properties;
};
