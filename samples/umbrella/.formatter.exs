[
  inputs: ["{mix,.formatter}.exs", "config/*.exs"],
  subdirectories: ["apps/*"]
]
