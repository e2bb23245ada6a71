/** What Harbor says of a password that it does not take. */
export const weak =
  "secret must be 8-128, inclusively, characters long with at least 1 uppercase letter, 1 lowercase letter and 1 number";

export function isStrong(password: unknown): password is string {
  return (
    typeof password === "string" &&
    password.length >= 8 &&
    password.length <= 128 &&
    [/[a-z]/, /[A-Z]/, /[0-9]/].every((kind) => kind.test(password))
  );
}
