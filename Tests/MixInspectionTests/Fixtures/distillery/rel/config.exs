environment :prod do
end
