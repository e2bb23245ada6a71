import { z } from "zod";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";
import { type ApiAccess, ask } from "../step/api-client";

const tokenRequest = z.looseObject({
  status: z.looseObject({ token: z.string().min(1), expirationTimestamp: z.string() }),
});

export interface AccountToken {
  readonly token: string;
  /** When it ends, as the API server says. */
  readonly until: string;
}

/**
 * Asks the API server for a token of an account. It is kept nowhere, and ends with its hours or with the account.
 * @throws RunError when the account is not there or the API server refuses.
 */
export async function requestToken(
  access: ApiAccess,
  namespace: string,
  account: string,
  hours: number,
): Promise<AccountToken> {
  const answer = await ask(
    access,
    {
      method: "POST",
      path: `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
      body: {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: { expirationSeconds: hours * 3600 },
      },
    },
    20,
  );
  if (answer.status === 404) {
    throw new RunError(`the cluster has no account ${namespace}/${account} yet`, {
      nextStep: "deploy the site as its file says: pulumi up",
      exitCode: exitCodes.remote,
    });
  }
  const said = answer.status < 300 ? tokenRequest.safeParse(JSON.parse(answer.body)) : undefined;
  if (said?.success !== true) {
    throw new RunError(`the API server gives no token for ${account}: status ${answer.status}`, {
      nextStep: "look at the API server's log on the first control-plane host",
      exitCode: exitCodes.remote,
    });
  }
  const { token, expirationTimestamp: until } = said.data.status;
  return { token, until };
}
