package minik8s.gpu.slurm;

/** Told of what goes over the wire. Thread-safe. */
public interface GatewayMeter {
  /** Counts nothing; for tests. */
  GatewayMeter NONE =
      new GatewayMeter() {
        @Override
        public void connected(boolean well) {}

        @Override
        public void command(String verb, boolean well) {}

        @Override
        public void bytes(boolean up, long count) {}
      };

  /** An attempt to connect. */
  void connected(boolean well);

  /** A command on the login host; its verb says whether Slurm was asked. */
  void command(String verb, boolean well);

  /** File content that went up or came down. */
  void bytes(boolean up, long count);
}
