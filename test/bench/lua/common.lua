-- What all load scripts share: lists from files, and one line of figures at the end.
local common = {}

function common.lines(path)
    local list = {}
    for line in io.lines(path) do
        list[#list + 1] = line
    end
    return list
end

function common.get(path, token)
    local who = token and ("Authorization: Bearer " .. token .. "\r\n") or ""
    return "GET " .. path .. " HTTP/1.1\r\nHost: 127.0.0.1\r\n" .. who .. "\r\n"
end

function common.post(path, token, headers, body)
    return "POST " .. path .. " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " .. token ..
        "\r\nContent-Type: application/json\r\n" .. headers .. "Content-Length: " .. #body .. "\r\n\r\n" .. body
end

function common.done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        'BENCH {"requests":%d,"seconds":%.6f,"p50_ms":%.3f,"p99_ms":%.3f,"refused":%d,"broken":%d}\n',
        summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
        errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end

return common
