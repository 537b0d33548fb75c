package minik8s.kubelet.sync;

/** Whether the image that a container wants can be used now. */
public sealed interface ImageState {
  /** It is here, and was pulled for this start when the policy asks for that. */
  record Ready() implements ImageState {}

  /** It must be pulled. */
  record Needed() implements ImageState {}

  /** It is being pulled. */
  record Pulling() implements ImageState {}

  /** It can't be had now. */
  record Unavailable(Trouble trouble) implements ImageState {}
}
