package minik8s.gpu.slurm.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.jcraft.jsch.Channel;
import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SftpException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import minik8s.control.Timers;
import minik8s.gpu.slurm.CommandLine;
import minik8s.gpu.slurm.GatewayMeter;
import minik8s.gpu.slurm.Remote;
import minik8s.gpu.slurm.RemoteFailure;
import minik8s.gpu.slurm.RemoteFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one host that all jobs share, each operation on a channel of its own.
 * Thread-safe. At most nine channels are open, for sshd's MaxSessions is ten where nobody changed
 * it; each operation has a time limit, so that one that hangs gives its channel back.
 */
final class SshLink implements AutoCloseable {
  private static final int EXECS = 4;
  private static final int TRANSFERS = 2;
  private static final int GLANCES = 2;
  private static final int MAX_OUTPUT = 64 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Target target;
  private final Credentials credentials;
  private final Timers timers;
  private final GatewayMeter meter;
  private final ReentrantLock connecting = new ReentrantLock();
  private final ConnectionGate gate;
  private final Semaphore execs = new Semaphore(EXECS, true);

  /** For scancel alone, which must not wait behind submissions. */
  private final Semaphore urgent = new Semaphore(1, true);

  private final Semaphore transfers = new Semaphore(TRANSFERS, true);
  private final Semaphore glances = new Semaphore(GLANCES, true);
  private final ConcurrentLinkedDeque<ChannelSftp> idle = new ConcurrentLinkedDeque<>();
  private volatile @Nullable Session session;
  private volatile List<String> fingerprints = List.of();
  private volatile boolean closed;

  /** Something done on an SFTP channel. */
  @FunctionalInterface
  interface SftpTask<T> {
    T run(ChannelSftp channel) throws SftpException, IOException, RemoteFailure;
  }

  SshLink(
      Target target,
      Credentials credentials,
      Optional<RemoteFailure> refusedBefore,
      Timers timers,
      GatewayMeter meter) {
    this.target = target;
    this.credentials = credentials;
    this.timers = timers;
    this.meter = meter;
    this.gate = new ConnectionGate(target.spacing());
    refusedBefore.ifPresent(failure -> gate.failed(failure, timers.clock().instant()));
  }

  List<String> fingerprints() {
    return fingerprints;
  }

  private Session connected() throws RemoteFailure, InterruptedException {
    Session open = session;
    if (open != null && open.isConnected()) {
      return open;
    }
    connecting.lockInterruptibly();
    try {
      Session now = session;
      return now != null && now.isConnected() ? now : connect();
    } finally {
      connecting.unlock();
    }
  }

  private Session connect() throws RemoteFailure, InterruptedException {
    if (closed) {
      throw new RemoteFailure(Kind.UNREACHABLE, "the connection was closed");
    }
    Instant now = timers.clock().instant();
    Optional<RemoteFailure> shut = gate.closed(now);
    if (shut.isPresent()) {
      throw shut.get();
    }
    pause(gate.wait(now));
    idle.clear();
    PinnedHostKeys keys = new PinnedHostKeys(target.hostKeys());
    try {
      Session fresh = SshSessions.open(target, credentials, keys, timers.clock().instant());
      fingerprints = keys.fingerprints();
      session = fresh;
      gate.opened(timers.clock().instant());
      meter.connected(true);
      return fresh;
    } catch (RemoteFailure e) {
      gate.failed(e, timers.clock().instant());
      meter.connected(false);
      throw e;
    }
  }

  private void pause(Duration delay) throws InterruptedException {
    if (!delay.isZero()) {
      java.util.concurrent.CountDownLatch over = new java.util.concurrent.CountDownLatch(1);
      Timers.Alarm alarm = timers.after(delay, over::countDown);
      try {
        over.await();
      } finally {
        alarm.cancel();
      }
    }
  }

  /** Runs a command; a time limit that passes closes its channel. */
  Remote.Ran exec(CommandLine command, Duration limit) throws RemoteFailure, InterruptedException {
    Semaphore permits = command.verb().equals("cancel") ? urgent : execs;
    permits.acquire();
    boolean well = false;
    try {
      Remote.Ran ran = execOnce(command, limit);
      well = ran.code() == 0;
      return ran;
    } finally {
      permits.release();
      meter.command(command.verb(), well);
    }
  }

  private Remote.Ran execOnce(CommandLine command, Duration limit)
      throws RemoteFailure, InterruptedException {
    Session on = connected();
    ChannelExec channel;
    try {
      channel = (ChannelExec) on.openChannel("exec");
    } catch (JSchException e) {
      throw lost(on, e);
    }
    AtomicBoolean late = new AtomicBoolean();
    Timers.Alarm alarm = timers.after(limit, () -> abandon(channel, late));
    try {
      channel.setCommand(command.toString().getBytes(UTF_8));
      channel.setInputStream(InputStream.nullInputStream());
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      channel.setErrStream(err, true);
      InputStream out = channel.getInputStream();
      channel.connect((int) PATIENCE.toMillis());
      byte[] bytes = out.readNBytes(MAX_OUTPUT);
      int code = ended(channel);
      if (late.get()) {
        throw new RemoteFailure(
            Kind.TIMED_OUT, command.verb() + " took longer than " + limit.toSeconds() + " s");
      }
      if (code < 0) {
        throw lost(on, null);
      }
      return new Remote.Ran(code, new String(bytes, UTF_8), err.toString(UTF_8));
    } catch (JSchException | IOException e) {
      if (late.get()) {
        throw new RemoteFailure(
            Kind.TIMED_OUT, command.verb() + " took longer than " + limit.toSeconds() + " s");
      }
      throw lost(on, e);
    } finally {
      alarm.cancel();
      channel.disconnect();
    }
  }

  /** The exit code, which may come a moment after the end of the output. */
  private int ended(ChannelExec channel) throws InterruptedException {
    for (int i = 0; i < 400 && !channel.isClosed() && channel.isConnected(); i++) {
      pause(Duration.ofMillis(5));
    }
    return channel.getExitStatus();
  }

  private static void abandon(Channel channel, AtomicBoolean late) {
    late.set(true);
    Thread.ofVirtual().start(channel::disconnect);
  }

  /** Looks at or changes names by SFTP, on a channel that is kept for the next. */
  <T> T glance(Duration limit, SftpTask<T> task) throws RemoteFailure, InterruptedException {
    return sftp(glances, limit, task);
  }

  /** Moves content by SFTP; never in the way of {@link #glance}. */
  <T> T transfer(Duration limit, SftpTask<T> task) throws RemoteFailure, InterruptedException {
    return sftp(transfers, limit, task);
  }

  private <T> T sftp(Semaphore permits, Duration limit, SftpTask<T> task)
      throws RemoteFailure, InterruptedException {
    permits.acquire();
    try {
      return sftpOnce(limit, task);
    } finally {
      permits.release();
    }
  }

  private <T> T sftpOnce(Duration limit, SftpTask<T> task)
      throws RemoteFailure, InterruptedException {
    Session on = connected();
    ChannelSftp channel = channel(on);
    AtomicBoolean late = new AtomicBoolean();
    Timers.Alarm alarm = timers.after(limit, () -> abandon(channel, late));
    boolean keep = false;
    try {
      T result = task.run(channel);
      keep = true;
      return result;
    } catch (SftpException e) {
      keep = e.id == ChannelSftp.SSH_FX_NO_SUCH_FILE;
      if (late.get()) {
        throw new RemoteFailure(
            Kind.TIMED_OUT, "a file transfer took longer than " + limit.toSeconds() + " s");
      }
      throw failure(on, channel, e);
    } catch (IOException e) {
      throw late.get()
          ? new RemoteFailure(
              Kind.TIMED_OUT, "a file transfer took longer than " + limit.toSeconds() + " s")
          : lost(on, e);
    } finally {
      alarm.cancel();
      if (keep && !late.get() && channel.isConnected()) {
        idle.addFirst(channel);
      } else {
        channel.disconnect();
      }
    }
  }

  private ChannelSftp channel(Session on) throws RemoteFailure {
    for (ChannelSftp known = idle.pollFirst(); known != null; known = idle.pollFirst()) {
      try {
        if (known.isConnected() && known.getSession().equals(on)) {
          return known;
        }
      } catch (JSchException e) {
        // Of a connection that is gone.
      }
    }
    try {
      ChannelSftp fresh = (ChannelSftp) on.openChannel("sftp");
      fresh.setFilenameEncoding(UTF_8);
      fresh.connect((int) PATIENCE.toMillis());
      return fresh;
    } catch (JSchException e) {
      throw lost(on, e);
    }
  }

  private RemoteFailure failure(Session on, ChannelSftp channel, SftpException e) {
    String text = String.valueOf(e.getMessage());
    if (e.id == ChannelSftp.SSH_FX_NO_SUCH_FILE) {
      return new RemoteFailure(Kind.NO_SUCH_FILE, "no such file");
    }
    if (e.id == ChannelSftp.SSH_FX_PERMISSION_DENIED) {
      return new RemoteFailure(Kind.FAILED, "the host denies access to the file: " + text);
    }
    if (!on.isConnected() || !channel.isConnected() || e.getCause() instanceof IOException) {
      return lost(on, e);
    }
    return new RemoteFailure(Kind.FAILED, "the host could not write or read a file: " + text);
  }

  /** The connection is of no use any more; the next operation makes another. */
  private RemoteFailure lost(Session on, @Nullable Exception e) {
    if (!on.isConnected() || e instanceof JSchException) {
      on.disconnect();
    }
    String why = e == null || e.getMessage() == null ? "" : ": " + e.getMessage();
    return new RemoteFailure(
        Kind.UNREACHABLE, "the connection to " + target.host() + " broke" + why);
  }

  @Override
  public void close() {
    closed = true;
    Session open = session;
    if (open != null) {
      open.disconnect();
    }
  }
}
