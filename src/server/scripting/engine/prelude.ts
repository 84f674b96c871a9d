/**
 * What is more easily said in Lua. Answers two functions:
 *
 * - the error handler of all scripts: says where an error came up, as a table { err, source, line }; in a C function, where that was called.
 * - what `load` reads its pieces through: compiled code is no text, see Sandbox.
 */
export const PRELUDE = `
local getinfo, type, tostring, byte = debug.getinfo, type, tostring, string.byte
local function handle(problem)
  local place = getinfo(2, 'nSl')
  if place and place.what == 'C' then place = getinfo(3, 'nSl') end
  if type(problem) ~= 'table' then problem = { err = 'ERR ' .. tostring(problem) } end
  if place then
    problem['source'] = place.source
    problem['line'] = place.currentline
  end
  return problem
end
local function textOnly(reader)
  local isFirst = true
  return function()
    local piece = reader()
    if isFirst and type(piece) == 'string' and piece ~= '' then
      isFirst = false
      if byte(piece) == 27 then return ' ' .. piece end
    end
    return piece
  end
end
return handle, textOnly
`;
