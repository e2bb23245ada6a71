/**
 * What is refused: with status 200 as `err` in JSON, with any other as plain text. Words are in Chinese unless a caller
 * asks for another language.
 */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const chinese: Readonly<Record<string, string>> = {
  "Username or password invalid": "用户名或密码错误",
  "No such dashboard": "仪表盘不存在",
  "input json is empty": "提交内容不能为空",
};

export function spoken(message: string, language: string | undefined): string {
  return language?.startsWith("en") ? message : (chinese[message] ?? message);
}
