package minik8s.kubelet.sync;

import java.time.Instant;

/**
 * Why a container can't be started just now. Immutable.
 *
 * @param reason such as {@code ErrImagePull}
 * @param retryAt when it is tried again
 * @param count how often it failed in a row
 */
public record Trouble(String reason, String message, Instant retryAt, int count) {}
