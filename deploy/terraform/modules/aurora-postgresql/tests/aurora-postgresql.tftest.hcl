provider "aws" {
  region = "ap-southeast-2"
}

variables {
  name          = "orders-test-cdc"
  vpc_id        = "vpc-0123456789abcdef0"
  subnet_ids    = ["subnet-a", "subnet-b"]
  clients       = { "connector" = "sg-0123456789abcdef0", "set-up" = "sg-0123456789abcdef1" }
  database_name = "devdb"
}

run "changes_can_be_read_by_logical_replication" {
  command = plan

  assert {
    condition     = { for p in aws_rds_cluster_parameter_group.this.parameter : p.name => p.value } == { "rds.logical_replication" = "1", "rds.force_ssl" = "1" }
    error_message = "expected logical replication, and TLS only"
  }

  assert {
    condition     = aws_rds_cluster_parameter_group.this.family == "aurora-postgresql17" && aws_rds_cluster.this.db_cluster_parameter_group_name == "orders-test-cdc"
    error_message = "expected the cluster to use the parameters of its version"
  }
}

run "S2-14_RDS_makes_the_master_password_and_Terraform_never_sees_it" {
  command = plan

  assert {
    condition     = aws_rds_cluster.this.manage_master_user_password && aws_rds_cluster.this.master_password == null && aws_rds_cluster.this.master_password_wo == null
    error_message = "expected a password managed by RDS"
  }
}

run "only_the_named_groups_connect_and_only_on_5432" {
  command = plan

  assert {
    condition = { for name, rule in aws_vpc_security_group_ingress_rule.clients : name => rule.referenced_security_group_id } == {
      connector = "sg-0123456789abcdef0"
      set-up    = "sg-0123456789abcdef1"
    }
    error_message = "expected a rule for each client"
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.clients : rule.from_port == 5432 && rule.to_port == 5432 && rule.cidr_ipv4 == null])
    error_message = "expected rules for 5432 from security groups, not from addresses"
  }

  assert {
    condition     = alltrue([for instance in aws_rds_cluster_instance.this : !instance.publicly_accessible])
    error_message = "expected no public address"
  }
}

run "storage_is_encrypted_backed_up_and_protected" {
  command = plan

  assert {
    condition     = aws_rds_cluster.this.storage_encrypted && aws_rds_cluster.this.backup_retention_period == 7 && aws_rds_cluster.this.deletion_protection && !aws_rds_cluster.this.skip_final_snapshot
    error_message = "expected encryption, backups of 7 days and deletion protection"
  }
}

run "a_cluster_without_protection_can_be_destroyed" {
  command = plan

  variables {
    deletion_protection = false
    instances           = 2
  }

  assert {
    condition     = !aws_rds_cluster.this.deletion_protection && aws_rds_cluster.this.skip_final_snapshot && length(aws_rds_cluster_instance.this) == 2
    error_message = "expected no protection and two instances"
  }
}

run "invalid_variables_are_rejected_by_name" {
  command = plan

  variables {
    name                  = "Orders"
    vpc_id                = "orders"
    subnet_ids            = ["subnet-a"]
    clients               = { "everyone" = "0.0.0.0/0" }
    engine_version        = "17"
    database_name         = "dev-db"
    capacity              = { min = 0, max = 1 }
    instances             = 0
    backup_retention_days = 0
  }

  expect_failures = [
    var.name, var.vpc_id, var.subnet_ids, var.clients, var.engine_version, var.database_name, var.capacity, var.instances, var.backup_retention_days,
  ]
}
