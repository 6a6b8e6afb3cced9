/** Somebody of the demonstration. */
export interface Person {
  id: string;
  name: string;
  email: string;
  password: string;
  profile(): Promise<string>;
}

/** Fills the server at an address with people; the first is the one to look at the pages as. */
export function settle(base: string): Promise<Person[]>;
