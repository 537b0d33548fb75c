package minik8s.apiserver.registry;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Where uids and the ends of generated names come from. Thread-safe. */
public interface Identities {
  /** Unpredictable ones, as a server gives. */
  Identities RANDOM =
      new Identities() {
        @Override
        public String uid() {
          return UUID.randomUUID().toString();
        }

        @Override
        public int number(int bound) {
          return ThreadLocalRandom.current().nextInt(bound);
        }
      };

  /** A uid that no object has had. */
  String uid();

  /** Any number from 0 to {@code bound - 1}. */
  int number(int bound);
}
