const LOST_PORT = /BindException|Address already in use|Port in use/;

/** Launches again, with other ports, when another process took one between the look and the use; at most three times. */
export async function retryLostPort<T>(launch: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await launch();
    } catch (error) {
      if (attempt === 3 || !LOST_PORT.test(String(error))) throw error;
    }
  }
}
