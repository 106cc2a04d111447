// Answers for the paths of deliveries and destinations as config/openapi.yaml has them, so that what
// the page does with them can be seen without waiting two hours for a delivery to grow old.
(() => {
  const real = window.fetch;
  const before = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
  const destinations = [
    { name: "braze", url: "https://rest.braze.example/events", on: true, offReason: null, offSince: null, pending: 3, dead: 412, parked: 0, oldestUndeliveredAt: before(120), breaker: "OPEN" },
    { name: "segment", url: "https://in.segment.example/v1/track", on: true, offReason: null, offSince: null, pending: 0, dead: 0, parked: 0, oldestUndeliveredAt: null, breaker: "CLOSED" },
    { name: "warehouse", url: "https://hooks.warehouse.example/cxone", on: false, offReason: "Gone (410)", offSince: before(30), pending: 0, dead: 0, parked: 2, oldestUndeliveredAt: before(31), breaker: "CLOSED" },
  ];
  const delivery = (n, destination, eventType, status, attemptCount, lastStatus, lastError) => ({
    id: "dlv_" + n, eventId: "evt_" + n, destination, campaignId: "cmp_" + n, cxoneCampaignId: "c-" + n,
    eventType, status, createdAt: before(n * 7), dueAt: before(-2), deliveredAt: status === "DELIVERED" ? before(n * 7 - 1) : null,
    attemptCount, lastStatus, lastError,
    event: { campaignId: "c-" + n, status: "ACTIVE", timestamp: before(n * 7), eventType },
  });
  const items = [
    delivery(1, "braze", "CAMPAIGN_ACTIVATED", "PENDING", 2, 503, null),
    delivery(2, "segment", "CAMPAIGN_PAUSED", "DELIVERED", 1, 200, null),
    delivery(3, "warehouse", "CAMPAIGN_ERROR", "PARKED", 1, 410, null),
    delivery(4, "braze", "CAMPAIGN_COMPLETED", "DEAD", 9, null, "no answer within 5 s"),
    delivery(5, "segment", "CAMPAIGN_ACTIVATED", "DELIVERED", 2, 204, null),
    delivery(6, "segment", "CAMPAIGN_COMPLETED", "DELIVERED", 1, 200, null),
  ];
  const attempts = [
    { number: 1, at: before(7), durationMs: 5000, status: null, error: "no answer within 5 s", answer: null },
    { number: 2, at: before(6), durationMs: 212, status: 503, error: null, answer: "upstream is asleep" },
  ];
  window.posted = [];
  const answer = (body, status = 200) =>
    new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
  window.fetch = async (path, options = {}) => {
    const { pathname, searchParams } = new URL(path, location.href);
    if (!/^\/(deliveries|destinations)/.test(pathname)) return real(path, options);
    if (options.method === "POST") {
      window.posted.push(pathname + (options.body ? " " + options.body : ""));
      return answer(pathname === "/deliveries/replay" ? { count: 412 } : {}, 202);
    }
    if (pathname === "/destinations") return answer({ items: destinations });
    if (pathname === "/deliveries") {
      const fits = (one) =>
        (!searchParams.get("status") || one.status === searchParams.get("status")) &&
        (!searchParams.get("destination") || one.destination === searchParams.get("destination"));
      return answer({ items: items.filter(fits) });
    }
    const one = items.find((item) => pathname.endsWith("/" + item.id));
    return one ? answer({ ...one, attempts: one.id === "dlv_1" ? attempts : [] }) : answer({ title: "Not found", status: 404 }, 404);
  };
})();
