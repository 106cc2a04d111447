package io.campaignroutes.sandbox.connection;

import io.campaignroutes.sandbox.SandboxJson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What people do in CXone's own pages, for whoever tries the service out. */
@RestController
@RequestMapping("/sandbox/people")
@Profile("sandbox")
class PeopleController {

  private static final Logger LOG = LoggerFactory.getLogger(PeopleController.class);

  private final PeopleAtWork people;

  PeopleController(PersonalConnection tenant) {
    people = tenant.people();
  }

  /** What is one of start, stop, deactivate, activate. */
  @PostMapping("/skills/{id}/{what}")
  ResponseEntity<byte[]> does(@PathVariable("id") int id, @PathVariable("what") String what) {
    ResponseEntity<byte[]> answer = SandboxJson.answer(200, people.does(id, what));
    LOG.info("sandbox: a supervisor had skill {} {}", id, what);
    return answer;
  }

  /** Block is general-settings, for instance. */
  @PutMapping(path = "/skills/{id}/parameters/{block}", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> changes(
      @PathVariable("id") int id,
      @PathVariable("block") String block,
      @RequestBody(required = false) byte[] body) {
    return SandboxJson.answer(200, people.changes(id, block, SandboxJson.readObject(body)));
  }

  @PutMapping(path = "/tenant", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> tenant(@RequestBody(required = false) byte[] body) {
    return SandboxJson.answer(200, people.tenant(SandboxJson.readObject(body)));
  }

  /** What has really happened to each skill. */
  @GetMapping("/truth")
  ResponseEntity<byte[]> truth() {
    return SandboxJson.answer(200, people.truth());
  }
}
