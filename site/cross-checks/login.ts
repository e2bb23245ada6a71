import type { Path } from "../path";
import { type Problem, siteProblem } from "../problems";

/** A user without a password, or the other way round. */
export function loginProblems(
  where: Path,
  {
    user,
    passwordSecret,
  }: { readonly user?: string | undefined; readonly passwordSecret?: string | undefined },
): readonly Problem[] {
  if ((user === undefined) === (passwordSecret === undefined)) return [];
  return user === undefined
    ? [siteProblem([...where, "user"], "a user: passwordSecret is stated", "none")]
    : [
        siteProblem(
          [...where, "passwordSecret"],
          "a secret with the password: user is stated",
          "none",
        ),
      ];
}
