// --- Jenkinsfile
timeout(30) {
    node('linux') {
        stage('Sync') {
            if (env.BRANCH_NAME == 'main') {
                withAWS(role: 'assets', roleAccount: '123456789012') { sh 'aws s3 sync dist s3://assets' }
            }
        }
    }
}
