package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The fault switches. No bearer token is needed: these are for whoever tries the service out. */
@RestController
@RequestMapping(SandboxFaultController.PATH)
@Profile("sandbox")
class SandboxFaultController {

  static final String PATH = "/sandbox/faults";

  private static final Logger LOG = LoggerFactory.getLogger(SandboxFaultController.class);

  private final Faults faults;
  private final CallCounters counters;

  SandboxFaultController(Faults faults, CallCounters counters) {
    this.faults = faults;
    this.counters = counters;
  }

  @GetMapping
  ResponseEntity<byte[]> list() {
    return SandboxJson.answer(200, Map.of("faults", faults.all()));
  }

  @PutMapping(path = "/{operation}", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> set(
      @PathVariable("operation") String operation, @RequestBody(required = false) byte[] body) {
    check(operation);
    ObjectNode json = SandboxJson.readObject(body);
    InjectedFault fault = InjectedFault.read(operation, json);
    faults.set(operation, fault);
    LOG.info("sandbox: fault set on {}: {}", operation, SandboxJson.MAPPER.valueToTree(fault));
    return SandboxJson.answer(200, fault);
  }

  @DeleteMapping("/{operation}")
  ResponseEntity<Void> clear(@PathVariable("operation") String operation) {
    check(operation);
    if (faults.clear(operation)) {
      LOG.info("sandbox: fault on {} cleared", operation);
    }
    return ResponseEntity.noContent().build();
  }

  @DeleteMapping
  ResponseEntity<Void> clear() {
    faults.clear();
    LOG.info("sandbox: all faults cleared");
    return ResponseEntity.noContent().build();
  }

  private void check(String operation) {
    if (!ServedOperation.ALL.equals(operation) && !counters.knows(operation)) {
      throw new SandboxException(
          404,
          "UNKNOWN_OPERATION",
          "There is no such operation; there are " + counters.operations() + " and all.");
    }
  }
}
