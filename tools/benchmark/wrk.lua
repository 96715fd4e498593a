-- Walks through the paths that follow "--", and tells what it measured as one line of JSON.
-- The headers are wrk's own (-H).

function init(arguments)
  if #arguments > 1 then
    local requests, number = {}, 0
    for place, path in ipairs(arguments) do
      requests[place] = wrk.format("GET", path)
    end
    request = function()
      number = number % #requests + 1
      return requests[number]
    end
  elseif #arguments == 1 then
    wrk.path = arguments[1]
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\nmeasured {"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
