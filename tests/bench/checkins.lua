-- Check-ins for wrk (demo.py checkins): each request comes from the next person's browser with a
-- nonce of its own; who is in goes out at her next turn. wrk runs it in one thread.
local people = tonumber(os.getenv("BENCH_PEOPLE"))
local rest = os.getenv("BENCH_BODY")
local headers = { ["Content-Type"] = "application/json", ["Origin"] = os.getenv("BENCH_ORIGIN") }
local sent = 0

function request()
    local person = sent % people
    local kind = math.floor(sent / people) % 2 == 0 and "in" or "out"
    local nonce = string.format("%08x-0000-4000-8000-%012x", sent, person)
    sent = sent + 1
    headers["Cookie"] = string.format("cronotopo=bench%038d", person)
    return wrk.format("POST", nil, headers,
        '{"nonce":"' .. nonce .. '","kind":"' .. kind .. '",' .. rest .. "}")
end
