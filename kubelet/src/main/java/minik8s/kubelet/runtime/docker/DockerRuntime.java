package minik8s.kubelet.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.command.PullImageCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import minik8s.kubelet.runtime.ContainerConfig;
import minik8s.kubelet.runtime.ContainerConfig.Network;
import minik8s.kubelet.runtime.ContainerInspector;
import minik8s.kubelet.runtime.ContainerRuntime;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.RuntimeFailure;
import minik8s.kubelet.runtime.RuntimeFailure.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Containers on a Docker Engine, reached through its Unix socket. Thread-safe. It marks what it
 * creates with the cluster's and node's labels and sees nothing else, so several kubelets and
 * clusters share one engine.
 */
public final class DockerRuntime implements ContainerRuntime {
  private final DockerClient docker;
  private final String cluster;
  private final String node;

  /**
   * @param endpoint such as {@code unix:///var/run/docker.sock}
   */
  public DockerRuntime(String endpoint, String cluster, String node) {
    this.cluster = cluster;
    this.node = node;
    this.docker =
        DockerClientImpl.getInstance(
            DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(endpoint)
                .withDockerTlsVerify(false)
                .build(),
            new ZerodepDockerHttpClient.Builder()
                .dockerHost(URI.create(endpoint))
                .maxConnections(256)
                .build());
  }

  @Override
  public String version() {
    return call(() -> docker.versionCmd().exec().getVersion());
  }

  @Override
  public Map<String, String> list() {
    return call(() -> {
      Map<String, String> states = new LinkedHashMap<>();
      docker
          .listContainersCmd()
          .withShowAll(true)
          .withLabelFilter(List.of(Labels.CLUSTER + "=" + cluster, Labels.NODE + "=" + node))
          .exec()
          .forEach(c -> states.put(c.getId(), c.getState()));
      return states;
    });
  }

  @Override
  public Optional<ObservedContainer> inspect(String id) {
    return call(() -> {
      try {
        InspectContainerResponse seen = docker.inspectContainerCmd(id).exec();
        Map<String, String> labels = seen.getConfig().getLabels();
        return labels != null && ours(labels) && !"removing".equals(seen.getState().getStatus())
            ? Optional.of(DockerShapes.observed(seen, labels))
            : Optional.empty();
      } catch (NotFoundException e) {
        return Optional.empty();
      }
    });
  }

  private boolean ours(Map<String, String> labels) {
    return cluster.equals(labels.get(Labels.CLUSTER)) && node.equals(labels.get(Labels.NODE));
  }

  @Override
  public String create(ContainerConfig config) {
    try {
      return call(() -> command(config).exec().getId());
    } catch (RuntimeFailure e) {
      if (e.getCause() instanceof ConflictException) {
        return call(() -> docker.inspectContainerCmd(config.engineName()).exec().getId());
      }
      if (e.reason() == Reason.NO_CONTAINER
          && String.valueOf(e.getMessage()).contains("No such image")) {
        throw new RuntimeFailure(Reason.NO_IMAGE, String.valueOf(e.getMessage()), e);
      }
      throw e;
    }
  }

  private CreateContainerCmd command(ContainerConfig config) {
    CreateContainerCmd command =
        docker
            .createContainerCmd(config.image())
            .withName(config.engineName())
            .withLabels(Labels.of(config, cluster, node))
            .withEnv(config.env())
            .withHostConfig(DockerShapes.hostConfig(config))
            .withExposedPorts(DockerShapes.exposed(config))
            .withTty(config.tty())
            .withStdinOpen(config.stdin())
            .withStdInOnce(config.stdinOnce());
    if (!config.entrypoint().isEmpty()) {
      command.withEntrypoint(config.entrypoint());
    }
    if (!config.args().isEmpty() || !config.entrypoint().isEmpty()) {
      command.withCmd(config.args());
    }
    if (!config.workingDir().isEmpty()) {
      command.withWorkingDir(config.workingDir());
    }
    if (!config.security().user().isEmpty()) {
      command.withUser(config.security().user());
    }
    if (config.network() instanceof Network.Own own && !own.hostname().isEmpty()) {
      command.withHostName(own.hostname());
    }
    return command;
  }

  @Override
  public void start(String id) {
    run(() -> {
      try {
        docker.startContainerCmd(id).exec();
      } catch (NotModifiedException e) {
        // runs already
      }
    });
  }

  @Override
  public void signal(String id, String signal) {
    run(() -> {
      try {
        docker.killContainerCmd(id).withSignal(signal).exec();
      } catch (NotFoundException | ConflictException e) {
        // has ended
      }
    });
  }

  @Override
  public void remove(String id) {
    run(() -> {
      try {
        docker.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec();
      } catch (NotFoundException e) {
        // is gone
      } catch (ConflictException e) {
        if (!String.valueOf(e.getMessage()).contains("already in progress")) {
          throw e;
        }
      }
    });
  }

  @Override
  public Optional<Image> image(String reference) {
    return call(() -> {
      try {
        InspectImageResponse seen = docker.inspectImageCmd(reference).exec();
        return Optional.of(
            new Image(
                String.valueOf(seen.getId()),
                names(array(seen.getRepoTags()), array(seen.getRepoDigests())),
                seen.getSize() == null ? 0 : seen.getSize(),
                user(seen)));
      } catch (NotFoundException e) {
        return Optional.empty();
      }
    });
  }

  private static String user(InspectImageResponse seen) {
    var config = seen.getConfig();
    return config == null || config.getUser() == null ? "" : config.getUser();
  }

  private static String @Nullable [] array(@Nullable List<String> list) {
    return list == null ? null : list.toArray(String[]::new);
  }

  private static List<String> names(String @Nullable [] tags, String @Nullable [] digests) {
    List<String> names = new ArrayList<>();
    if (digests != null) {
      names.addAll(Arrays.asList(digests));
    }
    if (tags != null) {
      names.addAll(Arrays.asList(tags));
    }
    names.removeIf(name -> name.startsWith("<none>"));
    return names;
  }

  @Override
  public List<Image> images() {
    return call(() ->
        docker.listImagesCmd().exec().stream()
            .map(image ->
                new Image(
                    image.getId(),
                    names(image.getRepoTags(), image.getRepoDigests()),
                    image.getSize()))
            .toList());
  }

  @Override
  public Set<String> imagesInUse() {
    return call(() ->
        docker.listContainersCmd().withShowAll(true).exec().stream()
            .map(Container::getImageId)
            .collect(Collectors.toSet()));
  }

  @Override
  public boolean removeImage(Image image) {
    List<String> names = image.names().isEmpty() ? List.of(image.id()) : image.names();
    for (String name : names) {
      try {
        docker.removeImageCmd(name).withForce(false).exec();
      } catch (NotFoundException e) {
        // Went with a name before.
      } catch (ConflictException e) {
        return false;
      }
    }
    return call(() -> image(image.id()).isEmpty());
  }

  @Override
  public Path folder() {
    return call(() -> Path.of(docker.infoCmd().exec().getDockerRootDir()));
  }

  @Override
  public void pull(String reference, @Nullable Login login) {
    AtomicReference<String> refused = new AtomicReference<>("");
    try (Answers<PullResponseItem> answers =
        new Answers<>(
            () -> {},
            item -> {
              if (item.isErrorIndicated() && item.getErrorDetail() != null) {
                refused.set(String.valueOf(item.getErrorDetail().getMessage()));
              }
            })) {
      PullImageCmd command = docker.pullImageCmd(reference);
      if (login != null) {
        command.withAuthConfig(auth(login));
      }
      command.exec(answers).end().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RuntimeFailure(Reason.REFUSED, "interrupted", e);
    } catch (ExecutionException e) {
      Exception cause = e.getCause() instanceof Exception exception ? exception : e;
      throw new RuntimeFailure(Reason.REFUSED, text(cause), e);
    }
    if (!refused.get().isEmpty()) {
      throw new RuntimeFailure(Reason.REFUSED, refused.get(), null);
    }
  }

  private static AuthConfig auth(Login login) {
    AuthConfig auth = new AuthConfig().withRegistryAddress(login.registry());
    return login.token().isEmpty()
        ? auth.withUsername(login.username()).withPassword(login.password())
        : auth.withIdentityToken(login.token());
  }

  @Override
  public AutoCloseable follow(Consumer<Hint> hints) {
    return new DockerEvents(docker, this::ours, hints);
  }

  /** Looks at containers on behalf of those who measure them, over the same connections. */
  public ContainerInspector inspector() {
    return new DockerInspector(docker);
  }

  private static void run(Runnable action) {
    call(() -> {
      action.run();
      return true;
    });
  }

  /** Tells a refusal of the engine from an engine that does not answer. */
  static <T> T call(Supplier<T> action) {
    try {
      return action.get();
    } catch (NotFoundException e) {
      throw new RuntimeFailure(Reason.NO_CONTAINER, text(e), e);
    } catch (DockerException e) {
      throw new RuntimeFailure(Reason.REFUSED, text(e), e);
    } catch (RuntimeFailure e) {
      throw e;
    } catch (RuntimeException e) {
      if (e.getClass().getSimpleName().equals("DockerClientException")) {
        throw new RuntimeFailure(Reason.REFUSED, text(e), e);
      }
      throw new RuntimeFailure(Reason.DOWN, "the Docker Engine does not answer: " + text(e), e);
    }
  }

  /** The engine's own sentence, without {@code Status 500: {"message":"…"}} around it. */
  private static String text(Exception e) {
    String text = String.valueOf(e.getMessage());
    int begin = text.indexOf("{\"message\":\"");
    int end = text.lastIndexOf("\"}");
    return begin < 0 || end < begin
        ? text
        : text.substring(begin + 12, end).replace("\\\"", "\"").replace("\\n", "\n");
  }

  @Override
  public void close() {
    try {
      docker.close();
    } catch (IOException e) {
      // nothing left to release
    }
  }
}
