import type { Route } from "./api-call";
import { isStrong, weak } from "./passwords";
import { Refusal } from "./reply";
import { digestOf } from "./store";

/** The administrator's own account; there is no other user. */
export const userRoutes: readonly Route[] = [
  [
    "GET",
    /^\/users\/current$/,
    () => ({ status: 200, body: { user_id: 1, username: "admin", sysadmin_flag: true } }),
  ],
  [
    "PUT",
    /^\/users\/(\d+)\/password$/,
    ({ store, part, body }) => {
      const { old_password: old, new_password: wanted } = body;
      if (part(1) !== "1") throw new Refusal(404, `user ${part(1)} not found`);
      if (digestOf(String(old)) !== store.data.admin) {
        throw new Refusal(403, "Current password is incorrect");
      }
      if (!isStrong(wanted)) throw new Refusal(400, `the password or ${weak}`);
      if (wanted === old) throw new Refusal(400, "New password is identical to old password");
      store.data.admin = digestOf(wanted);
      store.save();
      return { status: 200 };
    },
  ],
];
