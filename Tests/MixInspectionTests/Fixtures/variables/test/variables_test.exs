System.fetch_env!("IN_A_TEST")
