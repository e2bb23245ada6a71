import { randomBytes, randomUUID } from "node:crypto";
import { Refusal } from "./refusal";
import type { Body } from "./rules";
import { digestOf, type Row, type Store } from "./store";

/** Who is who: logins last as long as the program, as sessions in Redis do. */
export class Access {
  readonly #store: Store;
  readonly #sessions = new Map<string, number>();

  constructor(store: Store) {
    this.#store = store;
  }

  logIn({ username, password }: Body) {
    if (!username || !password) {
      const field = username ? "Password" : "Username";
      throw new Refusal(400, `json body invalid: Key: 'loginForm.${field}' Error: required`);
    }
    const user = this.#named(username);
    if (user === undefined || user.password !== digestOf(password)) {
      throw new Refusal(200, "Username or password invalid");
    }
    const access_token = randomBytes(24).toString("base64url");
    this.#sessions.set(access_token, user.id);
    return { user: shown(user), access_token, refresh_token: randomUUID() };
  }

  /** The user of a request. @throws a refusal for strangers, in plain text */
  user(authorization: string | undefined, token: string | undefined): Row {
    const session = this.#sessions.get(authorization?.replace(/^Bearer /, "") ?? "");
    const owner = token && this.#store.find("tokens", (row) => row.token === token)?.username;
    const user = this.#store.find("users", ({ id, username }) =>
      session === undefined ? username === owner : id === session,
    );
    if (user === undefined) throw new Refusal(401, "unauthorized");
    return user;
  }

  changePassword(user: Row, { oldpass, newpass }: Body): void {
    if (user.password !== digestOf(oldpass)) throw new Refusal(200, "Incorrect old password");
    this.setPassword(user, newpass);
  }

  setPassword(user: Row, password: unknown): void {
    user.password = digestOf(password);
    this.#store.save();
  }

  addUser({ password, ...body }: Body): void {
    const { username, roles } = body;
    if (!username || !password || !roles) throw new Refusal(400, "json body invalid");
    if (this.#named(username)) throw new Refusal(200, "Username already exists");
    this.#store.add("users", { ...body, password: digestOf(password) });
  }

  addToken({ username }: Row, { token_name }: Body) {
    const mine = this.#store.all("tokens").filter((row) => row.username === username);
    if (mine.some((row) => row.token_name === token_name)) {
      throw new Refusal(200, "token name already exists");
    }
    const token = { username, token_name, token: randomUUID() };
    return { ...token, id: this.#store.add("tokens", token) };
  }

  #named(username: unknown): Row | undefined {
    return this.#store.find("users", (row) => row.username === username);
  }
}

/** A user as others see them. */
export function shown({ password: _, ...user }: Row) {
  return user;
}
