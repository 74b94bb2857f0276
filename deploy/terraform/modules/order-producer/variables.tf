variable "name" {
  description = "Name of the service and of all that is its own."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,31}$", var.name))
    error_message = "name is 2 to 32 lower-case letters, digits and hyphens, and begins with a letter: a load balancer takes no longer one."
  }
}

variable "vpc_id" {
  description = "The VPC of the subnets."
  type        = string

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "vpc_id is a VPC's id."
  }
}

variable "subnet_ids" {
  description = "Private subnets, in different zones."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids are two or more."
  }
}

variable "endpoints_security_group_id" {
  description = "Guards the interface endpoints."
  type        = string

  validation {
    condition     = startswith(var.endpoints_security_group_id, "sg-")
    error_message = "endpoints_security_group_id is a security group's id."
  }
}

variable "kafka" {
  description = "The cluster: its ARN, the brokers with IAM (host:port by comma), and the group whose holders may talk to them."
  type = object({
    cluster_arn              = string
    bootstrap_servers        = string
    client_security_group_id = string
  })

  validation {
    condition     = can(regex("^arn:[a-z-]+:kafka:[a-z0-9-]+:[0-9]{12}:cluster/[^/]+/[^/]+$", var.kafka.cluster_arn))
    error_message = "kafka.cluster_arn is an MSK cluster's ARN."
  }

  validation {
    condition     = alltrue([for server in split(",", var.kafka.bootstrap_servers) : can(regex("^[^:]+:9098$", server))])
    error_message = "kafka.bootstrap_servers are brokers on 9098, where IAM is spoken."
  }
}

variable "cluster_name" {
  description = "ECS cluster with the capacity providers FARGATE and FARGATE_SPOT."
  type        = string
}

variable "image" {
  description = "Image in ECR, by digest or by a tag that never moves."
  type        = string
}

variable "registry_name" {
  description = "REGISTRY_NAME: the Glue schema registry."
  type        = string
  default     = "customer"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_$#.-]{1,255}$", var.registry_name))
    error_message = "registry_name is 1 to 255 letters, digits and _ $ # . -"
  }
}

variable "log_level" {
  description = "LOG_LEVEL."
  type        = string
  default     = "info"

  validation {
    condition     = contains(["trace", "debug", "info", "warn", "error", "fatal", "silent"], var.log_level)
    error_message = "log_level is trace, debug, info, warn, error, fatal or silent."
  }
}

variable "log_retention_days" {
  description = "Days that logs stay in CloudWatch."
  type        = number
  default     = 30
}

variable "cpu" {
  description = "CPU units; 1024 are one vCPU."
  type        = number
  default     = 512
}

variable "memory_mib" {
  description = "Memory in MiB."
  type        = number
  default     = 1024
}

variable "execute_command" {
  description = "Allow ECS Exec, which makes the root file system writable."
  type        = bool
  default     = false
}

variable "wait_for_steady_state" {
  description = "An apply ends when the deployment has."
  type        = bool
  default     = true
}

variable "start_after" {
  description = "Values that are known once what the service needs is there, such as the topics."
  type        = list(string)
  default     = []
}

variable "topic" {
  description = "TOPIC_NAME."
  type        = string
  default     = "orders"

  validation {
    condition     = can(regex("^[a-zA-Z0-9._-]{1,249}$", var.topic))
    error_message = "topic is a legal topic name."
  }
}

variable "schema_auto_registration" {
  description = "SCHEMA_AUTO_REGISTRATION: may the producer create the registry, schemas and versions? Its role allows it either way only if this is true."
  type        = bool
  default     = true
}

variable "min_tasks" {
  description = "How many tasks run at least."
  type        = number
  default     = 2
}

variable "max_tasks" {
  description = "How many tasks run at most."
  type        = number
  default     = 4
}

variable "domain_name" {
  description = "Name under which the load balancer is called, and for which the certificate is."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", var.domain_name))
    error_message = "domain_name is a host name such as orders.example.com."
  }
}

variable "hosted_zone_id" {
  description = "Public Route 53 zone of that name: the certificate is proved in it. The record in it points to private addresses."
  type        = string

  validation {
    condition     = can(regex("^Z[A-Z0-9]+$", var.hosted_zone_id))
    error_message = "hosted_zone_id is a Route 53 zone's id."
  }
}

variable "client_cidr_blocks" {
  description = "Who may post orders, by address: the VPC, say. There is no authentication yet, so never the whole internet."
  type        = set(string)

  validation {
    condition     = alltrue([for block in var.client_cidr_blocks : can(cidrhost(block, 0)) && try(tonumber(split("/", block)[1]) >= 8, false)])
    error_message = "client_cidr_blocks are IPv4 ranges of /8 or narrower."
  }
}

variable "deletion_protection" {
  description = "Refuse to remove the load balancer."
  type        = bool
  default     = false
}
