provider "aws" {
  region = "ap-southeast-2"
}

variables {
  name = "orders-test-database-setup"
  network = {
    vpc_id                      = "vpc-0123456789abcdef0"
    subnet_ids                  = ["subnet-a", "subnet-b", "subnet-c"]
    endpoints_security_group_id = "sg-0123456789abcdef0"
  }
  cluster_name = "orders-test-cdc"
  image        = "123456789012.dkr.ecr.ap-southeast-2.amazonaws.com/orders-test/orders:1.0.0"
  database = {
    host              = "db.example"
    port              = 5432
    security_group_id = "sg-0123456789abcdef2"
    name              = "devdb"
    user              = "postgres"
    secret_arn        = "arn:aws:secretsmanager:ap-southeast-2:123456789012:secret:rds!cluster-1-AbCdEf"
  }
  replication = {
    user       = "replicator"
    secret_arn = "arn:aws:secretsmanager:ap-southeast-2:123456789012:secret:orders-test/replication-AbCdEf"
  }
}

run "the_set_up_command_runs_without_a_question_and_without_a_password_in_its_arguments" {
  command = plan

  assert {
    condition     = join(" ", output.container.command) == "db setup --kind postgresql --replication-user replicator --wait 300 --yes"
    error_message = "expected orders db setup --yes"
  }

  assert {
    condition = { for variable in output.container.environment : variable.name => variable.value } == {
      PGDATABASE = "devdb"
      PGHOST     = "db.example"
      PGPORT     = "5432"
      PGSSLMODE  = "require"
      PGUSER     = "postgres"
    }
    error_message = "expected exactly these environment variables"
  }
}

run "S2-14_ECS_reads_both_passwords_from_Secrets_Manager" {
  command = plan

  assert {
    condition = { for secret in output.container.secrets : secret.name => secret.valueFrom } == {
      PGPASSWORD           = "arn:aws:secretsmanager:ap-southeast-2:123456789012:secret:rds!cluster-1-AbCdEf:password::"
      REPLICATION_PASSWORD = "arn:aws:secretsmanager:ap-southeast-2:123456789012:secret:orders-test/replication-AbCdEf:password::"
    }
    error_message = "expected references to both secrets"
  }
}

run "the_task_reaches_the_database_on_its_port" {
  command = plan

  assert {
    condition     = aws_vpc_security_group_egress_rule.database.from_port == 5432 && aws_vpc_security_group_egress_rule.database.referenced_security_group_id == "sg-0123456789abcdef2"
    error_message = "expected egress to the database's group"
  }
}

run "invalid_variables_are_rejected_by_name" {
  command = plan

  variables {
    name         = "Setup"
    cluster_name = "arn:aws:ecs:ap-southeast-2:123456789012:cluster/orders"
    replication  = { user = "repl-1", secret_arn = "arn:aws:secretsmanager:ap-southeast-2:123456789012:secret:x" }
    tls          = "disable"
  }

  expect_failures = [var.name, var.cluster_name, var.replication, var.tls]
}
