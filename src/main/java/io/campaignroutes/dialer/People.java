package io.campaignroutes.dialer;

/**
 * Who is called and what their lines do.
 *
 * @param answer share of dialed calls that a person answers
 * @param handle mean seconds that a connected call keeps its agent, wrap-up included
 * @param handleVariation coefficient of variation of that; log-normal. 1 with {@code
 *     exponentialHandle} is the memoryless case of the formulas
 * @param exponentialHandle whether handle times are exponential instead of log-normal
 * @param ringMean mean seconds to a person's answer; log-normal
 * @param ringDeviation standard deviation of that in seconds
 * @param ringTimeout seconds after which an unanswered line is given up
 * @param quickFailures share of unanswered lines that fail at once (busy, not in service)
 * @param quickFailure seconds that takes
 * @param patience seconds after which an answered call that met no agent is abandoned
 * @param exponentialPatience whether that is the mean of an exponential instead of a fixed time
 * @param machines share of dialed calls that a machine answers; not among {@code answer}
 * @param machineDetection seconds that telling a machine from a person takes; 0 when there is none
 *     and machines go to agents
 * @param machinesMissed share of machines that are taken for persons
 * @param personsMistaken share of persons that are taken for machines and hung up on
 * @param machineHandle mean seconds that a machine keeps an agent who got it
 */
public record People(
    Schedule answer,
    Schedule handle,
    double handleVariation,
    boolean exponentialHandle,
    double ringMean,
    double ringDeviation,
    double ringTimeout,
    double quickFailures,
    double quickFailure,
    double patience,
    boolean exponentialPatience,
    double machines,
    double machineDetection,
    double machinesMissed,
    double personsMistaken,
    double machineHandle) {

  /**
   * Persons as the figures are quoted for: they answer after 9 s (deviation 4 s), unanswered lines
   * ring 22 s but for 15 % that fail after 2 s, handle times are log-normal with variation 0.9
   * (Brown et al., JASA 2005), an answered call waits 2 s for an agent, and no machine answers.
   */
  public static People of(Schedule answer, Schedule handle) {
    return new People(answer, handle, 0.9, false, 9, 4, 22, 0.15, 2, 2, false, 0, 0, 0, 0, 25);
  }

  /** The same with another variation of handle times. */
  public People withHandleVariation(double variation) {
    return new People(
        answer,
        handle,
        variation,
        exponentialHandle,
        ringMean,
        ringDeviation,
        ringTimeout,
        quickFailures,
        quickFailure,
        patience,
        exponentialPatience,
        machines,
        machineDetection,
        machinesMissed,
        personsMistaken,
        machineHandle);
  }

  /** The same with another patience. */
  public People withPatience(double seconds, boolean exponential) {
    return new People(
        answer,
        handle,
        handleVariation,
        exponentialHandle,
        ringMean,
        ringDeviation,
        ringTimeout,
        quickFailures,
        quickFailure,
        seconds,
        exponential,
        machines,
        machineDetection,
        machinesMissed,
        personsMistaken,
        machineHandle);
  }

  /** The same with machines that answer and their detection. */
  public People withMachines(double share, double detection, double missed, double mistaken) {
    return new People(
        answer,
        handle,
        handleVariation,
        exponentialHandle,
        ringMean,
        ringDeviation,
        ringTimeout,
        quickFailures,
        quickFailure,
        patience,
        exponentialPatience,
        share,
        detection,
        missed,
        mistaken,
        machineHandle);
  }
}
