// What a reader sees of a mail, before addresses, headers and signature.

export type MailContent = {
  subject: string;
  html: string;
  text: string;
};

/** Who sends: printed in every footer, as mail laws ask. */
export type Sender = {
  /** The service's name, such as `Paperround`. */
  name: string;
  baseUrl: string;
  postalAddress: string;
};
