// Every URL we print, in mails and pages alike.

export type Links = ReturnType<typeof createLinks>;

/** `baseUrl` without a trailing slash, such as `https://papers.example.org`. */
export function createLinks(baseUrl: string) {
  return {
    home: () => `${baseUrl}/`,
    papersOf: (date: string) => `${baseUrl}/papers/${date}`,
    paper: (seq: number) => `${baseUrl}/paper/${seq}`,
    confirm: (token: string) => `${baseUrl}/confirm/${token}`,
    preferences: (token: string) => `${baseUrl}/preferences/${token}`,
    unsubscribe: (token: string) => `${baseUrl}/unsubscribe/${token}`,
  };
}
